// The costs follow the address and the coupon: the server reckons them, the page takes them over.
const ASKED = ['province', 'address', 'coupon'];

export function followFreight() {
  const form = document.querySelector('form[data-freight]');
  if (!form) return;
  for (const button of form.querySelectorAll('.book [data-reload]')) button.hidden = true;
  let last = 0;
  form.addEventListener('change', async (event) => {
    if (!ASKED.includes(event.target.name)) return;
    const mine = ++last;
    const typed = new FormData(form);
    typed.set('reload', '1');
    typed.delete('coupon_code');
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(typed) });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (mine !== last) return;
    for (const part of form.querySelectorAll('[data-cost]')) {
      const fresh = page.querySelector(`[data-cost="${part.dataset.cost}"]`);
      if (fresh && !part.contains(event.target)) part.replaceWith(document.adoptNode(fresh));
    }
  });
}
