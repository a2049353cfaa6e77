// Saves the answers of a quiz as one goes. Without it the form's own buttons do the same.
// What could not be sent (no connection, signed out) waits on the device under a `draft:` key, which draft.js
// removes on signing out, and is filled in again if the saved answers have not changed meanwhile.

const form = document.querySelector('form[data-quiz]');
const PAUSE = 900;
const RETRY = 15000;

if (form) {
  const words = JSON.parse(form.dataset.words);
  const key = `draft:${document.body.dataset.person}:quiz-${form.dataset.quiz}`;
  const version = form.elements.namedItem('version');
  const state = form.querySelector('[data-state]');
  const button = form.querySelector('button[value="stay"]'); // needed only when saving as one goes does not work
  const fields = [...form.elements].filter((field) => field.name.startsWith('q-'));
  const content = () => fields.map((field) => (field.tagName === 'SELECT' ? field.value : field.checked));
  let timer;
  let sending;
  let again = false;
  let leaving = false;
  let pressed;

  const keep = () => {
    const draft = { at: Date.now(), sent: false, version: version.value, content: content() };
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };

  async function save() {
    if (leaving) return;
    if (sending) { again = true; return; }
    state.textContent = words.saving;
    sending = new AbortController();
    try {
      const answer = await fetch(form.action, {
        method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, signal: sending.signal,
      });
      const said = (answer.headers.get('Content-Type') || '').includes('json') ? await answer.json() : {};
      if (answer.ok && said.version) {
        version.value = said.version;
        state.textContent = words.saved.replace('{time}', said.saved);
        button.hidden = true;
        forget();
      } else if (answer.status === 409) {
        // answered elsewhere, or over: pressing “Save” brings the page that explains it, and loses nothing
        state.textContent = said.message;
        button.hidden = false;
        again = false;
      } else if (answer.status === 401) {
        keep();
        state.textContent = words.signed_out;
      } else {
        throw new Error(String(answer.status));
      }
    } catch {
      if (leaving) return;
      keep();
      state.textContent = words.offline;
      button.hidden = false;
      later(RETRY);
    } finally {
      sending = undefined;
      if (pressed) form.requestSubmit(pressed);
      else if (again) { again = false; later(0); }
    }
  }

  const twice = (field) => {
    const group = field.closest('fieldset');
    const note = group?.querySelector('[data-twice]');
    if (!note) return;
    const places = [...group.querySelectorAll('select')].map((select) => select.value).filter(Boolean);
    note.hidden = new Set(places).size === places.length;
  };

  button.hidden = !document.querySelector('[data-unsaved]');

  let draft = null;
  try { draft = JSON.parse(localStorage.getItem(key)); } catch { /* broken or forbidden */ }
  if (draft?.version === version.value && draft.content.length === fields.length) {
    fields.forEach((field, at) => {
      if (field.tagName === 'SELECT') field.value = draft.content[at];
      else field.checked = draft.content[at];
    });
    state.textContent = words.kept;
    later(PAUSE);
  } else {
    forget();
  }

  form.addEventListener('change', (event) => { twice(event.target); later(PAUSE); });
  addEventListener('online', () => later(0));
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    leaving = !sending;
    if (leaving) return;
    // a save under way makes the form's version stale: let it end, for four seconds at most
    event.preventDefault();
    pressed = event.submitter;
    setTimeout(() => sending?.abort(), 4000);
  });
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
}
