// The price, the freight and where the money goes follow the variant, the quantity and the province:
// the server reckons them, the page takes them over. Without script a button loads the page anew.
const ASKED = ['variant', 'quantity', 'to'];

export function pickVariants() {
  for (const form of document.querySelectorAll('form[data-recount]')) {
    for (const button of form.querySelectorAll('[data-reload]')) button.hidden = true;
    let last = 0;
    form.addEventListener('change', async (event) => {
      if (!ASKED.includes(event.target.name)) return;
      const picture = event.target.dataset.picture;
      if (picture) document.dispatchEvent(new CustomEvent('wantpicture', { detail: picture }));
      const mine = ++last;
      const typed = new FormData(form);
      // A province that nobody chose is not sent, or the device would keep it as if somebody had.
      const said = ASKED.filter((name) => typed.get(name) && (name !== 'to' || event.target.name === 'to'));
      const asked = new URLSearchParams(said.map((name) => [name, typed.get(name)]));
      const answer = await fetch(`${form.dataset.recount}?${asked}`);
      if (answer.ok && mine === last) takeOver(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    });
  }
}

function takeOver(page) {
  for (const part of document.querySelectorAll('[data-part]')) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
}
