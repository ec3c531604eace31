'use strict';
(() => {
const all = (s, e) => Array.from((e || document).querySelectorAll(s));
const one = s => document.querySelector(s);
// Texts in the language of the page; {n} and {all} are numbers.
const words = JSON.parse(one('#words').textContent);
const say = (key, n, all) => words[key].replace('{n}', n).replace('{all}', all);

// Lines to copy, in a part of the page.
const copyable = part => {
  if (navigator.clipboard) for (const box of all('.lines', part)) {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = words.copy;
    b.onclick = () => navigator.clipboard.writeText(box.querySelector('code').textContent).then(() => { b.textContent = words.copied; });
    box.insertBefore(b, box.querySelector('pre'));
  }
};
copyable(document);

// What a large report holds back: elements as text, one a line.
const made = text => { const t = document.createElement('template'); t.innerHTML = text; return t.content; };
const signs = { amp: '&', lt: '<', gt: '>' };
const plain = line => line.replace(/<[^>]*>/g, ' ').replace(/&(?:#(\d+)|(amp|lt|gt));/g, (_, n, w) => n ? String.fromCodePoint(n) : signs[w]).toLowerCase();
const typed = input => input.value.toLowerCase().split(/\s+/).filter(Boolean);

// Containers by words; of very many, some at a time.
const table = one('.confinement tbody');
let rows = null, parts = null;
const held = one('#more-containers');
const load = () => {
  if (rows) return;
  rows = all('tr', table).map(e => ({ html: e.outerHTML, text: e.textContent.toLowerCase() }));
  parts = new Map();
  for (const line of held ? held.textContent.split('\n') : []) {
    if (line.startsWith('<tr><th scope="row"')) rows.push({ html: line, text: null });
    if (line.startsWith('<details ')) parts.set(/ id="([^"]+)"/.exec(line)[1], line);
  }
};
if (table) {
  const input = one('#container-words'), most = 300;
  one('#container-filter').hidden = false;
  const apply = () => {
    load();
    const want = typed(input), found = [];
    let n = 0;
    for (const r of rows) {
      if (r.text === null) r.text = plain(r.html);
      if (want.every(w => r.text.includes(w)) && ++n <= most) found.push(r.html);
    }
    table.innerHTML = found.join('');
    one('#rows').textContent = say('rows', found.length, rows.length) + (n > most ? ' ' + say('more', n) : '');
  };
  input.addEventListener('input', apply);
  if (held) one('#rows').textContent = say('rows', table.rows.length, table.rows.length + (held.textContent.match(/^<tr><th scope="row"/gm) || []).length);
}

// Changes, and findings of a cause, beyond the first ones.
let tryable = () => {};
let brings = [];
for (const rest of all('noscript.rest')) {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = words.all;
  const bring = () => {
    const more = made(rest.textContent).firstElementChild, list = rest.parentElement.querySelector(more.localName + '.' + more.className);
    copyable(more);
    tryable(more);
    const first = more.firstElementChild;
    list.append(...more.children);
    rest.remove();
    b.remove();
    return first;
  };
  b.onclick = () => { const first = bring(); first.tabIndex = -1; first.focus(); };
  brings.push(bring);
  rest.before(b);
}

// A link to what is folded opens it, and one to what is held back brings it.
const unfold = () => {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* it is no escape: as it stands */ }
  let e = id && document.getElementById(id);
  if (id && !e && held) {
    load();
    if (parts.has(id)) {
      one('.parts').append(made(parts.get(id)));
      e = document.getElementById(id);
      e.scrollIntoView();
    }
  }
  for (; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
};
addEventListener('hashchange', unfold);
unfold();

// Paper shows all: what is folded, held back or filtered out.
let hiddenCauses = [], shownRows = null;
addEventListener('beforeprint', () => {
  for (const bring of brings) bring();
  brings = [];
  if (held) {
    load();
    for (const [id, html] of parts) if (!document.getElementById(id)) one('.parts').append(made(html));
  }
  if (rows) {
    shownRows = table.innerHTML;
    table.innerHTML = rows.map(r => r.html).join('');
  }
  hiddenCauses = all('.cause[hidden]');
  for (const c of hiddenCauses) c.hidden = false;
  for (const d of all('details')) { d.dataset.was = d.open; d.open = true; }
});
addEventListener('afterprint', () => {
  for (const d of all('details')) d.open = d.dataset.was === 'true';
  for (const c of hiddenCauses) c.hidden = true;
  if (shownRows !== null) table.innerHTML = shownRows;
  shownRows = null;
});

// Findings by words and severities. A long list is searched once for all causes that name it.
const filter = one('#findings .filter');
if (filter) {
  filter.hidden = false;
  let causes = null, lists = null;
  const index = () => {
    causes = all('.cause').map(e => {
      const whole = e.cloneNode(true);
      for (const rest of all('noscript', whole)) rest.replaceWith(made(rest.textContent));
      return { e, text: whole.textContent.toLowerCase(), severity: e.dataset.severity, lists: all('[data-list]', whole).map(a => a.dataset.list) };
    });
    lists = new Map(all('#lists details').map(d => [d.id, d.textContent.toLowerCase()]));
  };
  const apply = () => {
    if (!causes) index();
    const want = typed(one('#filter')).map(w => ({ w, lists: new Set([...lists].filter(([, text]) => text.includes(w)).map(([id]) => id)) }));
    const severities = new Set(all('.severity').filter(c => c.checked).map(c => c.value));
    let n = 0;
    for (const c of causes) {
      const show = severities.has(c.severity) && want.every(({ w, lists }) => c.text.includes(w) || c.lists.some(id => lists.has(id)));
      if (c.e.hidden === show) c.e.hidden = !show;
      if (show) n++;
    }
    one('#shown').textContent = say('shown', n, causes.length);
  };
  one('#filter').addEventListener('focus', () => { if (!causes) index(); });
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
  const tell = () => { about.textContent = text; };
  m.addEventListener('focus', () => {
    for (const other of moves) other.setAttribute('tabindex', other === m ? '0' : '-1');
    tell();
  });
  m.addEventListener('mouseenter', tell);
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
  one('#left').textContent = made.size === 0 ? '' : say('left', pairs(made), before);
};
tryable = part => {
  for (const item of all('[data-change]', part)) {
    const label = document.createElement('label'), box = document.createElement('input');
    box.type = 'checkbox';
    box.value = item.dataset.change;
    box.addEventListener('change', show);
    label.append(box, ' ' + words.done);
    item.querySelector('.try').append(label);
    boxes.push(box);
  }
};
tryable(document);
})();
