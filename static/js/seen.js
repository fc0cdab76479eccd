// The strip of what was seen on this device: fetched apart, so that the page itself is the same for everybody.
export async function showSeen() {
  const place = document.querySelector('[data-seen-strip]');
  if (!place) return;
  const answer = await fetch(place.dataset.seenStrip, { credentials: 'same-origin' }).catch(() => null);
  const text = answer && answer.ok ? await answer.text() : '';
  if (!text.trim()) return;
  const page = new DOMParser().parseFromString(text, 'text/html');
  place.replaceChildren(...page.body.childNodes);
}
