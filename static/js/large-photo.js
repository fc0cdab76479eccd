// A photo in a review opens large over the page; without script its link leads to the picture.
export function openLargePhotos() {
  const links = document.querySelectorAll('[data-large]');
  if (!links.length || !window.HTMLDialogElement) return;
  for (const link of links) {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(link);
    });
  }
}

function show(link) {
  const group = [...link.closest('[data-large-photos]').querySelectorAll('[data-large]')];
  const dialog = document.createElement('dialog');
  dialog.className = 'large-photo';
  const picture = document.createElement('img');
  const bar = document.createElement('form');
  bar.method = 'dialog';
  bar.className = 'large-photo__bar';
  const turn = (by) => {
    const next = group[(group.indexOf(link) + by + group.length) % group.length];
    link = next;
    picture.src = next.href;
    picture.alt = next.querySelector('img').alt;
    dialog.setAttribute('aria-label', next.getAttribute('aria-label'));
  };
  const button = (text, name, act) => {
    const made = document.createElement('button');
    made.type = act ? 'button' : 'submit';
    made.className = 'button button--line';
    made.textContent = text;
    made.setAttribute('aria-label', name);
    if (act) made.addEventListener('click', act);
    bar.append(made);
  };
  if (group.length > 1) button('‹', '‹', () => turn(-1));
  button('×', '×');
  if (group.length > 1) button('›', '›', () => turn(1));
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') turn(-1);
    if (event.key === 'ArrowRight') turn(1);
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    link.focus();
  });
  dialog.append(picture, bar);
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
}
