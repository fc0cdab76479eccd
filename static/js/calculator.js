// The calculator follows what is typed; the server reckons, so the fen are those of the book.
const PAUSE_MS = 300;
const KINDS = ['weight_kind', 'rule_kind'];

export function followAgreement() {
  const form = document.querySelector('form[data-calculator]');
  if (!form) return;
  let timer;
  let last = 0;
  async function reckon(units = chosenUnits(form)?.value) {
    const mine = ++last;
    const typed = new URLSearchParams(new FormData(form));
    if (units) typed.set('units', units);
    const answer = await fetch(form.dataset.calculator, { method: 'POST', body: typed });
    if (answer.ok && mine === last) show(form, await answer.text());
  }
  form.addEventListener('input', (event) => {
    if (KINDS.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(reckon, PAUSE_MS);
  });
  // Another kind of weight or rule needs other fields, which only the page itself has.
  form.addEventListener('change', (event) => {
    if (KINDS.includes(event.target.name)) form.requestSubmit(chosenUnits(form));
  });
  form.addEventListener('click', (event) => {
    if (event.target.name !== 'units') return;
    event.preventDefault();
    clearTimeout(timer);
    reckon(event.target.value);
  });
}

function chosenUnits(form) {
  return form.querySelector('[name="units"][aria-pressed="true"]');
}

function show(form, html) {
  const answer = new DOMParser().parseFromString(html, 'text/html');
  for (const fresh of answer.querySelectorAll('[data-live]')) {
    form.querySelector(`#${fresh.id}`)?.replaceChildren(...fresh.childNodes);
  }
}
