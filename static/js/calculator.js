// The calculator follows what is typed; the server reckons, so the fen are those of the book.
const PAUSE_MS = 300;

export function followAgreement() {
  const form = document.querySelector('form[data-calculator]');
  if (!form) return;
  const shown = form.querySelector('#calculation');
  let timer;
  let last = 0;
  async function reckon(units) {
    const mine = ++last;
    const typed = new URLSearchParams(new FormData(form));
    if (units) typed.set('units', units);
    const answer = await fetch(form.dataset.calculator, { method: 'POST', body: typed });
    if (answer.ok && mine === last) shown.innerHTML = await answer.text();
  }
  form.addEventListener('input', (event) => {
    if (event.target.name === 'weight_kind' || event.target.name === 'rule_kind') return;
    clearTimeout(timer);
    timer = setTimeout(reckon, PAUSE_MS);
  });
  // Another kind of weight needs other fields, which only the page itself has.
  form.addEventListener('change', (event) => {
    if (event.target.name !== 'weight_kind' && event.target.name !== 'rule_kind') return;
    const units = shown.querySelector('[name="units"][aria-pressed="true"]');
    form.requestSubmit(units);
  });
  shown.addEventListener('click', (event) => {
    if (event.target.name !== 'units') return;
    event.preventDefault();
    reckon(event.target.value);
  });
}
