'use strict';
// Search, sort and filters of the table of defects. Without this script, its first rows and everything else can be read.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const table = document.getElementById('defect-table');
  const form = document.getElementById('filters');
  if (!table || !form) return;
  const body = table.tBodies[0];
  const PAGE = 100;
  const columns = ['number', 'title', 'severity', 'found', 'reported', 'status', 'component', 'team'];
  const rank = {critical: 4, major: 3, minor: 2, untriaged: 1};
  const order = new Map(data.tags.map((tag, at) => [tag, at]));

  // The first rows are in the document already; the others are data.
  const rows = [...body.rows].map((tr) => {
    const text = [...tr.cells].map((cell) => cell.textContent);
    return row(text, () => tr);
  });
  for (const [number, title, severity, found, day, status, components, teams, breaks, lines, url] of data.rows) {
    const names = (all, places) => places.map((at) => all[at]).join(', ');
    const date = new Date(day * 86400000).toISOString().slice(0, 10);
    const text = [`#${number}`, title, data.severities[severity], found < 0 ? '' : data.tags[found], date,
      data.statuses[status] + (breaks ? `; fails ${data.breaks[breaks - 1]}` : ''),
      names(data.components, components), names(data.teams, teams),
      ...[...lines].map((status) => data.statuses[status])];
    rows.push(row(text, () => element(text, url === undefined ? data.base + number : url)));
  }

  function row(text, make) {
    let search;
    return {
      text, make,
      // Only when it is needed: 20,000 long texts would delay the page.
      get search() { return search ??= text.join('\n').toLowerCase(); },
      status: text[5].split(';', 1)[0],
      components: text[6].split(', '), teams: text[7].split(', '),
    };
  }

  function keyOf({text}, at) {
    if (at === 0) return Number(text[0].slice(1));
    if (at === 2) return rank[text[2]] || 0;
    if (at === 3) return order.has(text[3]) ? order.get(text[3]) : -1;
    return at === 4 || at === 5 ? text[at] : text[at].toLowerCase();
  }

  function element(text, url) {
    const tr = document.createElement('tr');
    text.forEach((value, at) => {
      const cell = tr.insertCell();
      if (at === 0 && /^https?:\/\//i.test(url)) {
        const link = cell.appendChild(document.createElement('a'));
        link.href = url;
        link.textContent = value;
      } else {
        cell.textContent = value;
      }
    });
    return tr;
  }

  const made = new Map();
  const elementOf = (one) => {
    if (!made.has(one)) made.set(one, one.make());
    return made.get(one);
  };

  // Choices of the filters, in a useful order.
  const values = (pick) => [...new Set(rows.flatMap(pick))].filter((value) => value !== '');
  fill('severity', values((one) => one.text[2]).sort((a, b) => (rank[b] || 0) - (rank[a] || 0)));
  fill('found', values((one) => one.text[3]).sort((a, b) => (order.get(b) || 0) - (order.get(a) || 0)));
  fill('status', values((one) => one.status).sort());
  fill('component', values((one) => one.components).sort());
  fill('team', values((one) => one.teams).sort());
  function fill(name, all) {
    const select = form.elements[name];
    for (const value of all) select.add(new Option(value, value));
    select.closest('label').hidden = all.length === 0;
  }

  let shown = body.rows.length;
  let sort = {column: '', down: true};
  const names = ['q', 'severity', 'found', 'status', 'component', 'team'];

  function read() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const name of names) {
      const value = wanted.get(name) || '';
      const field = form.elements[name];
      // A value that no row has would select nothing, and the table would show all rows.
      if (value && field.options && ![...field.options].some((option) => option.value === value)) field.add(new Option(value, value));
      field.value = value;
    }
    const by = wanted.get('sort') || '';
    const column = by.replace(/^-/, '');
    sort = {column: columns.includes(column) ? column : '', down: by.startsWith('-')};
    if (wanted.size > 0 && location.hash.includes('=')) shown = PAGE;
  }

  function write() {
    const kept = new URLSearchParams();
    for (const name of names) if (form.elements[name].value) kept.set(name, form.elements[name].value);
    if (sort.column) kept.set('sort', (sort.down ? '-' : '') + sort.column);
    const hash = kept.toString();
    history.replaceState(null, '', hash ? `#${hash}` : `${location.pathname}${location.search}`);
  }

  function render() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const want = (name) => form.elements[name].value;
    const [severity, found, status, component, team] = names.slice(1).map(want);
    let kept = rows.filter((one) =>
      (!severity || one.text[2] === severity) && (!found || one.text[3] === found) && (!status || one.status === status) &&
      (!component || one.components.includes(component)) && (!team || one.teams.includes(team)) &&
      words.every((word) => one.search.includes(word)));
    if (sort.column) {
      const at = columns.indexOf(sort.column);
      const sign = sort.down ? -1 : 1;
      kept = kept.map((one) => [keyOf(one, at), one]).sort(([x], [y]) => x < y ? -sign : x > y ? sign : 0).map(([, one]) => one);
    }
    const wanted = kept.slice(0, shown).map(elementOf);
    // At the start the rows are there already.
    if (wanted.length !== body.rows.length || wanted.some((tr, at) => tr !== body.rows[at])) body.replaceChildren(...wanted);
    const number = (value) => value.toLocaleString('en');
    const visible = Math.min(shown, kept.length);
    document.getElementById('shown').textContent = kept.length === 0 ? 'No defect matches.' :
      `${number(visible)} of ${number(kept.length)} shown` + (kept.length < rows.length ? `, from ${number(rows.length)} defects` : '');
    document.getElementById('more').hidden = kept.length <= shown;
    document.getElementById('reset').hidden = !names.some((name) => form.elements[name].value) && !sort.column;
    for (const button of table.tHead.querySelectorAll('button')) {
      const head = button.closest('th');
      if (button.value === sort.column) head.setAttribute('aria-sort', sort.down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
  }

  function changed() {
    shown = PAGE;
    write();
    render();
  }

  // Headings become buttons, so that the keyboard can sort.
  [...table.tHead.rows[0].cells].slice(0, columns.length).forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.value = columns[at];
    button.textContent = head.textContent;
    button.addEventListener('click', () => {
      const same = sort.column === button.value;
      // First the most severe, the newest and the highest; names from A to Z.
      const first = !['title', 'status', 'component', 'team'].includes(button.value);
      sort = {column: button.value, down: same ? !sort.down : first};
      changed();
    });
    head.replaceChildren(button);
  });
  form.addEventListener('input', changed);
  form.addEventListener('submit', (event) => event.preventDefault());
  document.getElementById('more').addEventListener('click', () => {
    shown += PAGE;
    render();
  });
  document.getElementById('reset').addEventListener('click', () => {
    form.reset();
    sort = {column: '', down: true};
    changed();
  });
  window.addEventListener('hashchange', () => {
    // A link to a section changes the address, too, and is no filter.
    if (!location.hash.includes('=')) return;
    read();
    render();
  });
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((one) => { one.open = true; }));
  read();
  form.hidden = false;
  render();
  if (location.hash.includes('=')) document.getElementById('defects').scrollIntoView();
})();
