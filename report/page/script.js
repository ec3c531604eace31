'use strict';
(() => {
const all = (s, e) => Array.from((e || document).querySelectorAll(s));
const one = s => document.querySelector(s);

// Lines to copy.
if (navigator.clipboard) for (const box of all('.lines')) {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = 'Copy';
  b.onclick = () => navigator.clipboard.writeText(box.querySelector('code').textContent).then(() => { b.textContent = 'Copied'; });
  box.insertBefore(b, box.querySelector('pre'));
}

// A link to what is folded opens it.
const unfold = () => {
  let e = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
};
addEventListener('hashchange', unfold);
unfold();

// Paper shows all.
addEventListener('beforeprint', () => { for (const d of all('details')) { d.dataset.was = d.open; d.open = true; } });
addEventListener('afterprint', () => { for (const d of all('details')) d.open = d.dataset.was === 'true'; });

// Findings by words and severities.
const filter = one('.filter');
if (filter) {
  filter.hidden = false;
  const causes = all('.cause').map(e => ({ e, text: e.textContent.toLowerCase(), severity: e.dataset.severity }));
  const apply = () => {
    const words = one('#filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(all('.severity').filter(c => c.checked).map(c => c.value));
    let n = 0;
    for (const c of causes) {
      const show = severities.has(c.severity) && words.every(w => c.text.includes(w));
      c.e.hidden = !show;
      if (show) n++;
    }
    one('#shown').textContent = n + ' of ' + causes.length + ' causes shown';
  };
  one('#filter').addEventListener('input', apply);
  for (const c of all('.severity')) c.addEventListener('change', apply);
}

// The map: what a move is, and which paths go when a change is made.
const data = one('#graph');
if (!data) return;
const graph = JSON.parse(data.textContent);
const about = one('#about-move');
about.hidden = false;
const moves = all('.move');
// The moves are one stop of the Tab key; arrows go from one to the next.
const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
moves.forEach((m, i) => {
  m.setAttribute('tabindex', i === 0 ? '0' : '-1');
  const text = m.querySelector('title').textContent;
  const say = () => { about.textContent = text; };
  m.addEventListener('focus', () => {
    for (const other of moves) other.setAttribute('tabindex', other === m ? '0' : '-1');
    say();
  });
  m.addEventListener('mouseenter', say);
  m.addEventListener('keydown', e => {
    const to = e.key === 'Home' ? 0 : e.key === 'End' ? moves.length - 1 : e.key in step ? (i + step[e.key] + moves.length) % moves.length : -1;
    if (to < 0) return;
    e.preventDefault();
    moves[to].focus();
  });
});
// A move ends when of each way to make it one change is made.
const ended = (m, made) => made.size > 0 && (m.ends || []).length > 0 && m.ends.every(e => (e || []).some(c => made.has(c)));
// What can be got from the entries: a move is made once all that it takes is there.
const derive = (from, made, sure) => {
  const have = new Set(from);
  const moves = graph.moves.filter(m => !ended(m, made) && !(sure && m.possible));
  for (let more = true; more;) {
    more = false;
    for (const m of moves) if (!have.has(m.to) && m.from.every(f => have.has(f))) { have.add(m.to); more = true; }
  }
  return have;
};
const pairs = made => graph.entries.reduce((n, e) => {
  const have = derive([e], made, true);
  return n + graph.targets.filter(t => t !== e && have.has(t)).length;
}, 0);
const before = pairs(new Set());
const boxes = [];
const show = () => {
  const made = new Set(boxes.filter(b => b.checked).map(b => b.value));
  const have = derive(graph.entries, made);
  for (const n of all('.node')) n.classList.toggle('gone', !have.has(n.dataset.node));
  for (const m of graph.moves) {
    const gone = ended(m, made) || !m.from.every(f => have.has(f));
    one('.move[data-move="' + m.id + '"]').classList.toggle('gone', gone);
  }
  one('#left').textContent = made.size === 0 ? '' : pairs(made) + ' of ' + before + ' pairs of entry and target still have a certain path.';
};
for (const item of all('[data-change]')) {
  const label = document.createElement('label'), box = document.createElement('input');
  box.type = 'checkbox';
  box.value = item.dataset.change;
  box.addEventListener('change', show);
  label.append(box, ' As if done');
  item.querySelector('.try').append(label);
  boxes.push(box);
}
})();
