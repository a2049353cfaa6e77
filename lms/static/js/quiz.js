// Saves the answers of a quiz as one goes, and shows the time that is left. Without it the form's own buttons do the same.
// What could not be sent (no connection, signed out) waits on the device under a `draft:` key, which draft.js
// removes on signing out, and is filled in again if the saved answers have not changed meanwhile.

const form = document.querySelector('form[data-quiz]');
const timer = document.querySelector('[data-timer]');
const PAUSE = 900;
const RETRY = 15000;
let saveNow = () => {};

// Counted by the page's own clock, which a phone's wrong date does not move; the server's word is taken at each save.
let end = 0;
function startTimer() {
  const words = JSON.parse(timer.dataset.words);
  const shown = timer.querySelector('[data-timer-text]');
  const told = document.querySelector('[data-timer-told]');
  const said = new Set();
  const tell = (key) => { if (!said.has(key)) { said.add(key); told.textContent = words[key]; } };
  end = performance.now() + timer.dataset.left * 1000;
  if (timer.dataset.left < 300) said.add('five');
  if (timer.dataset.left < 60) said.add('one');
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const minutes = Math.floor(left / 60);
    const clock = left > 600 ? `${minutes} min` : `${minutes}:${String(left % 60).padStart(2, '0')}`;
    const text = left ? `${words.left} \u2068${clock}\u2069` : words.over;
    if (shown.textContent !== text) shown.textContent = text;
    timer.classList.toggle('is-short', left <= 300);
    if (left <= 300) tell('five');
    if (left <= 60) tell('one');
    if (left) { setTimeout(tick, 1000); return; }
    tell('over');
    saveNow();
  };
  tick();
}

if (form) {
  const words = JSON.parse(form.dataset.words);
  const key = `draft:${document.body.dataset.person}:quiz-${form.dataset.quiz}`;
  const version = form.elements.namedItem('version');
  const token = form.elements.namedItem('csrf_token');
  const state = form.querySelector('[data-state]');
  const button = form.querySelector('button[value="stay"]'); // needed only when saving as one goes does not work
  const fields = [...form.elements].filter((field) => field.name.startsWith('q-'));
  const isBox = (field) => field.type === 'radio' || field.type === 'checkbox';
  const content = () => fields.map((field) => (isBox(field) ? field.checked : field.value));
  let waiting;
  let sending;
  let again = false;
  let leaving = false;
  let pressed;
  let renewed = false;
  let away = false; // signed out: tried again as soon as the person is back

  const keep = () => {
    const draft = { at: Date.now(), sent: false, version: version.value, content: content() };
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden */ }
  };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
  const later = (pause) => { clearTimeout(waiting); waiting = setTimeout(save, pause); };
  saveNow = () => later(0);

  // Signed out in the middle: the way in opens beside this page, which stays as it is and goes on by itself.
  function askToSignIn() {
    away = true;
    const link = document.createElement('a');
    link.href = `${form.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
    link.target = '_blank';
    link.textContent = words.sign_in;
    state.replaceChildren(`${words.signed_out} `, link);
  }

  // The new session has a token of its own, which this page asks for where it shows the same form.
  async function renew() {
    const page = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
    const fresh = page.ok && !page.redirected
      && new DOMParser().parseFromString(await page.text(), 'text/html');
    const mine = fresh && fresh.body.dataset.person === document.body.dataset.person;
    const found = mine && fresh.querySelector('form[data-quiz] [name="csrf_token"]');
    if (!found) return false;
    token.value = found.value;
    away = false;
    return true;
  }

  async function save() {
    if (leaving) return;
    if (sending) { again = true; return; }
    waiting = 0;
    state.textContent = words.saving;
    sending = new AbortController();
    try {
      if (away && !(await renew())) { keep(); askToSignIn(); return; }
      const answer = await fetch(form.action, {
        method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, signal: sending.signal,
      });
      const said = (answer.headers.get('Content-Type') || '').includes('json') ? await answer.json() : {};
      if (answer.ok && said.version) {
        version.value = said.version;
        state.textContent = words.saved.replace('{time}', said.saved);
        if (timer) end = performance.now() + said.left * 1000;
        button.hidden = true;
        renewed = false;
        forget();
      } else if (answer.status === 409) {
        // answered elsewhere, or over: pressing “Save” brings the page that explains it, and loses nothing
        keep();
        state.textContent = said.message;
        button.hidden = false;
        again = false;
      } else if (answer.status === 401) {
        keep();
        askToSignIn();
      } else if (answer.status === 400 && !renewed) {
        // another session took this one's place: its token first, then once more
        renewed = true;
        away = true;
        again = true;
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
      if (isBox(field)) field.checked = draft.content[at];
      else field.value = draft.content[at];
    });
    state.textContent = words.kept;
    later(PAUSE);
  } else {
    forget();
  }

  form.addEventListener('change', (event) => { twice(event.target); later(PAUSE); });
  form.addEventListener('input', (event) => { if (!isBox(event.target)) later(PAUSE * 2); });
  addEventListener('online', () => later(0));
  addEventListener('focus', () => { if (away) later(0); });
  addEventListener('pagehide', () => { if (waiting && !leaving) keep(); });
  form.addEventListener('submit', (event) => {
    clearTimeout(waiting);
    leaving = !sending;
    if (leaving) return;
    // a save under way makes the form's version stale: let it end, for four seconds at most
    event.preventDefault();
    pressed = event.submitter;
    setTimeout(() => sending?.abort(), 4000);
  });
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
}
if (timer) startTimer();
