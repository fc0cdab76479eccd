// Thumbnails change the large picture in place; without script they are links to it.
export function showGallery() {
  for (const gallery of document.querySelectorAll('[data-gallery]')) {
    const slides = [...gallery.querySelectorAll('[data-slide]')];
    const links = [...gallery.querySelectorAll('[data-to]')];
    const show = (name) => {
      for (const slide of slides) slide.hidden = slide.dataset.slide !== name;
      for (const link of links) {
        if (link.dataset.to === name) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };
    for (const link of links) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        show(link.dataset.to);
      });
    }
    if (slides.length) show(slides[0].dataset.slide);
  }
}
