// The costs follow the province and the coupon: the server reckons them, the page takes them over.
export function followFreight() {
  const form = document.querySelector('form[data-freight]');
  if (!form) return;
  let newest = 0;
  form.addEventListener('change', async ({ target }) => {
    if (!['province', 'coupon'].includes(target.name)) return;
    newest += 1;
    const mine = newest;
    const typed = new FormData(form);
    typed.set('reload', '1');
    typed.delete('coupon_code');
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(typed) });
    if (!answer.ok || answer.redirected || mine !== newest) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of form.querySelectorAll('[data-cost]')) {
      const fresh = page.querySelector(`[data-cost="${part.dataset.cost}"]`);
      if (fresh && !part.contains(target)) part.replaceWith(document.adoptNode(fresh));
    }
  });
}
