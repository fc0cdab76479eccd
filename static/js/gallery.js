// The pictures of a product: swiped, picked by thumbnail or arrow key, and opened large in a dialog that zooms.
// Without script the thumbnails jump to the pictures and each picture is a link to its largest file.
const PIXELS_OF_A_STEP = 2;
const DOUBLE_TAP_MS = 320;

export function showGallery() {
  for (const gallery of document.querySelectorAll('[data-gallery]')) follow(gallery);
}

function follow(gallery) {
  const slides = [...gallery.querySelectorAll('[data-slide]')];
  if (!slides.length) return;
  const links = [...gallery.querySelectorAll('[data-to]')];
  const count = gallery.querySelector('[data-count]');
  const frame = slides[0].parentElement;
  const zoom = zoomOf(gallery, slides, (index) => show(index));
  let current = 0;

  function mark(index) {
    current = index;
    slides.forEach((slide, n) => { slide.tabIndex = n === index ? 0 : -1; });
    links.forEach((link, n) => (n === index ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current')));
    if (count) count.textContent = `${index + 1} / ${slides.length}`;
  }
  function show(index) {
    const next = (index + slides.length) % slides.length;
    frame.scrollTo({ left: slides[next].offsetLeft - slides[0].offsetLeft, behavior: 'instant' });
    mark(next);
  }

  links.forEach((link, n) => link.addEventListener('click', (event) => {
    event.preventDefault();
    show(n);
  }));
  slides.forEach((slide, n) => slide.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || !zoom) return;
    event.preventDefault();
    zoom.open(n);
  }));
  gallery.addEventListener('keydown', (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || slides.length < 2 || event.target.closest('dialog')) return;
    event.preventDefault();
    show(current + way);
    if (slides.includes(document.activeElement)) slides[current].focus({ preventScroll: true });
    else if (links.includes(document.activeElement)) links[current].focus({ preventScroll: true });
  });
  frame.addEventListener('scroll', () => {
    const index = Math.round(frame.scrollLeft / Math.max(1, frame.clientWidth));
    if (index !== current && slides[index]) mark(index);
  }, { passive: true });
  // A variant with a picture of its own asks for it.
  document.addEventListener('wantpicture', (event) => {
    const index = slides.findIndex((slide) => slide.dataset.photo === event.detail);
    if (index >= 0) show(index);
  });
  mark(0);
}

function zoomOf(gallery, slides, onMove) {
  const dialog = gallery.querySelector('[data-zoom]');
  if (!dialog || !dialog.showModal) return null;
  const picture = dialog.querySelector('[data-zoom-picture]');
  const stage = dialog.querySelector('[data-zoom-stage]');
  const step = dialog.querySelector('[data-zoom-step]');
  const count = dialog.querySelector('[data-zoom-count]');
  const words = { in: step.textContent, out: step.dataset.out || step.textContent };
  let current = 0;
  let tapped = 0;

  function scale(isLarge) {
    stage.classList.toggle('zoom__stage--in', isLarge);
    step.setAttribute('aria-pressed', String(isLarge));
    step.textContent = isLarge ? words.out : words.in;
    picture.width = Number(slides[current].dataset.width) * (isLarge ? PIXELS_OF_A_STEP : 1);
    picture.height = Number(slides[current].dataset.height) * (isLarge ? PIXELS_OF_A_STEP : 1);
    if (isLarge) stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
  }
  function show(index) {
    current = (index + slides.length) % slides.length;
    picture.src = slides[current].href;
    picture.alt = slides[current].querySelector('img').alt;
    count.textContent = `${current + 1} / ${slides.length}`;
    scale(false);
    onMove(current);
  }
  const isLarge = () => stage.classList.contains('zoom__stage--in');

  step.addEventListener('click', () => scale(!isLarge()));
  picture.addEventListener('dblclick', () => scale(!isLarge()));
  picture.addEventListener('touchend', (event) => {
    if (event.timeStamp - tapped < DOUBLE_TAP_MS) {
      event.preventDefault();
      scale(!isLarge());
    }
    tapped = event.timeStamp;
  });
  dialog.querySelector('[data-zoom-close]').addEventListener('click', () => dialog.close());
  for (const button of dialog.querySelectorAll('[data-zoom-go]')) {
    button.addEventListener('click', () => show(current + Number(button.dataset.zoomGo)));
  }
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way && !isLarge() && slides.length > 1) {
      event.preventDefault();
      show(current + way);
    } else if (event.key === '+' || event.key === '=') scale(true);
    else if (event.key === '-') scale(false);
  });
  dialog.addEventListener('close', () => slides[current].focus({ preventScroll: true }));
  return {
    open(index) {
      show(index);
      dialog.showModal();
    },
  };
}
