'use strict';
(() => {
const all = (s, e) => Array.from((e || document).querySelectorAll(s));

// Lines to copy.
if (navigator.clipboard) for (const box of all('.lines')) {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = 'Copy';
  b.onclick = () => navigator.clipboard.writeText(box.querySelector('code').textContent.replace(/\n$/, '')).then(() => { b.textContent = 'Copied'; });
  box.prepend(b);
}

// Where there is little room, the text comes first.
if (matchMedia('(max-width:52rem)').matches) for (const d of all('.parts')) d.open = false;

// Rows by words. The address has them, too, so that other pages and people can name them.
const found = document.querySelector('#found');
if (!found) return;
const q = document.querySelector('#q');
const rows = all('[data-words]').map(e => ({ e, words: e.dataset.words }));
const tables = all('.wide').map(e => ({ e, head: e.previousElementSibling, rows: all('[data-words]', e) }));
const apply = () => {
  const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const r of rows) {
    r.e.hidden = !words.every(w => r.words.includes(w));
    if (!r.e.hidden) n++;
  }
  for (const t of tables) t.e.hidden = t.head.hidden = t.rows.every(r => r.hidden);
  found.textContent = words.length ? n + ' of ' + rows.length + ' rules match “' + q.value.trim() + '”.' : '';
};
q.value = new URLSearchParams(location.search).get('q') || '';
q.addEventListener('input', apply);
apply();
})();
