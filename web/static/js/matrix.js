// Draws what all servers and all clients come to: a grid, or, where there is
// little room or one of them was chosen, the list of that one's pairs. More than
// a thousand cells are drawn in a tenth of the time that components take.

const small = matchMedia("(max-width: 43.74em), (max-height: 30em)");

// A mechanism in six letters at most: CRAM for CRAM-MD5, S256+ for SCRAM-SHA-256-PLUS.
const short = (name) => /^SCRAM/.test(name) ? name.replace(/^SCRAM-SHA-/, "S").replace("-PLUS", "+") : name.split("-")[0].slice(0, 6);

// Draws into root. say gives the sentence of an id; matrix is the file of that
// name; search gives the programs of a side by groups; open is told of a pair
// that is chosen, by ids.
function cross(root, say, matrix, search, open) {
  const tell = (id, values) => say(id).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  // What is shown of each kind of cell.
  const kinds = matrix.kinds.map(({ outcome, mechanism = "", tls, readable, fault, code }) => {
    const how = tls ? "tls" : readable ? "readable" : "clear";
    const why = fault ? say(`fault.${fault}`) : "";
    return {
      outcome,
      className: `cross cross-${outcome} cross-${how}`,
      short: mechanism && short(mechanism) + (readable ? "!" : ""),
      what: tell(mechanism ? "matrix.with" : "matrix.without", { outcome: say(`matrix.${outcome}`), mechanism, how: say(`matrix.${how}`) }),
      why: why && outcome === "sent" ? tell("matrix.first", { why }) : why && code && !why.includes(code) ? `${code}: ${why}` : why,
    };
  });

  // The programs of a side that the matrix has, by groups, with all words of the
  // query; each knows its place in it.
  const ids = { server: matrix.servers, client: matrix.clients };
  const found = (side, query = "") => search(side, query).map(({ name, rows }) => ({
    name, rows: rows.map((row) => ({ ...row, at: ids[side].indexOf(row.id) })).filter(({ at }) => at >= 0),
  }));
  const flat = (list) => list.flatMap(({ rows }) => rows);
  const kind = (server, client) => kinds[matrix.cells[server.at][client.at]];

  let one = ""; // "server exim": the one that is shown; "": all
  const query = { server: "", client: "" };

  function choice(chosen) {
    const select = make("select");
    select.id = "matrix-choice";
    if (!small.matches) select.append(new Option(say("ui.tab.matrix"), ""));
    for (const side of ["server", "client"]) {
      for (const { name, rows } of found(side)) {
        const group = Object.assign(make("optgroup"), { label: `${say(`ui.acts.${side}`)} · ${name}` });
        group.append(...rows.map((row) => new Option(row.name, `${side} ${row.id}`)));
        if (rows.length > 0) select.append(group);
      }
    }
    select.value = chosen;
    select.onchange = () => {
      one = select.value;
      render();
      root.querySelector("#matrix-choice").focus();
    };
    return make("label", "matrix-choice", make("span", "", say("matrix.choice")), select);
  }

  function filter(side, table) {
    const label = say(`matrix.filter.${side}`);
    const input = Object.assign(make("input", "chooser-query"), {
      id: `matrix-${side}`, type: "search", autocomplete: "off", spellcheck: false, placeholder: label, value: query[side],
    });
    input.setAttribute("aria-label", label);
    input.oninput = () => {
      query[side] = input.value;
      fill(table);
    };
    return input;
  }

  const sign = (outcome) => {
    const it = make("span", `cross cross-${outcome}`);
    it.setAttribute("aria-hidden", "true");
    return it;
  };

  function legend() {
    const times = {};
    for (const at of matrix.cells.flat()) times[kinds[at].outcome] = (times[kinds[at].outcome] ?? 0) + 1;
    const list = make("ul", "matrix-legend");
    list.setAttribute("aria-label", say("matrix.legend"));
    for (const outcome of ["sent", "in", "unsent", "open", "barred", "refused", "given-up", "cut", "stuck"]) {
      if (times[outcome]) list.append(make("li", "", sign(outcome), make("span", "", say(`matrix.${outcome}`)), make("span", "matrix-times", times[outcome])));
    }
    for (const [how, text] of [["readable", "LOGIN!"], ["tls", "LOGIN"]]) {
      const mark = make("span", `cross-${how}`, text);
      mark.setAttribute("aria-hidden", "true");
      list.append(make("li", "", mark, make("span", "", say(`matrix.${how}`))));
    }
    return list;
  }

  // Puts heads and cells into the table.
  function fill(table) {
    const [rows, columns] = [found("server", query.server), found("client", query.client)];
    const head = (text, scope, className, more = {}) => Object.assign(make("th", className, text), { scope }, more);
    const width = flat(columns).length;
    const top = make("tr", "", Object.assign(make("td"), { rowSpan: 2 }), ...columns.map((g) => head(g.name, "colgroup", "", { colSpan: g.rows.length })));
    const names = make("tr", "", ...flat(columns).map(({ name }) => head(make("span", "", name), "col", "cross-client")));
    const bodies = rows.map((g) => make("tbody", "",
      make("tr", "", head(g.name, "rowgroup", "cross-group"), Object.assign(make("td"), { colSpan: Math.max(width, 1) })),
      ...g.rows.map((server) => make("tr", "cross-row", head(server.name, "row", "cross-server"), ...flat(columns).map((client) => {
        const { className, short, what } = kind(server, client);
        const cell = Object.assign(button(className), { tabIndex: -1, pair: [server, client] });
        cell.setAttribute("aria-label", tell("matrix.cell", { server: server.name, client: client.name, what }));
        if (short) cell.dataset.short = short;
        return make("td", "", cell);
      })))));
    table.replaceChildren(make("thead", "", top, names), ...bodies);
    const first = table.querySelector(".cross");
    if (first) first.tabIndex = 0; // Tab leads to one of them, the arrows to the others
  }

  function grid() {
    const table = make("table", "crossings");
    table.id = "crossings";
    table.setAttribute("role", "grid");
    table.setAttribute("aria-label", say("ui.tab.matrix"));
    const told = make("p", "matrix-told", say("matrix.hint"));
    told.id = "matrix-told";
    told.setAttribute("role", "status");
    const about = ({ target }) => {
      const cell = target.closest("td > .cross");
      if (cell) told.textContent = `${cell.getAttribute("aria-label")} ${kind(...cell.pair).why}`;
      return cell;
    };
    table.addEventListener("mouseover", about);
    table.addEventListener("focusin", (event) => {
      const cell = about(event);
      if (!cell) return;
      for (const was of table.querySelectorAll('[tabindex="0"]')) was.tabIndex = -1;
      cell.tabIndex = 0;
    });
    table.addEventListener("click", ({ target }) => {
      const cell = target.closest("td > .cross");
      if (cell) open(...cell.pair.map(({ id }) => id));
    });
    table.addEventListener("keydown", (event) => walk(table, event));
    fill(table);
    return [
      make("div", "matrix-filters", choice(""), filter("server", table), filter("client", table)),
      told, make("div", "matrix-scroll", table), legend(),
    ];
  }

  // Walks the cells with the arrows; Home and End lead to the ends of a row,
  // with Ctrl to the corners.
  function walk(table, event) {
    const cell = event.target.closest("td > .cross");
    if (!cell || event.altKey || event.metaKey) return;
    const rows = [...table.querySelectorAll(".cross-row")];
    const last = { row: rows.length - 1, column: rows[0].cells.length - 1 };
    let [row, column] = [rows.indexOf(cell.closest("tr")), cell.parentNode.cellIndex];
    switch (event.key) {
      case "ArrowLeft": column--; break;
      case "ArrowRight": column++; break;
      case "ArrowUp": row--; break;
      case "ArrowDown": row++; break;
      case "Home": column = 1; if (event.ctrlKey) row = 0; break;
      case "End": column = last.column; if (event.ctrlKey) row = last.row; break;
      default: return;
    }
    event.preventDefault();
    rows[Math.min(Math.max(row, 0), last.row)].cells[Math.min(Math.max(column, 1), last.column)].firstChild.focus();
  }

  // The list of one of them with each of the other side.
  function list(chosen) {
    const [side, id] = chosen.split(" ");
    const other = side === "server" ? "client" : "server";
    const self = flat(found(side)).find((row) => row.id === id);
    const all = make("div");
    all.id = "matrix-list";
    for (const { name, rows } of found(other)) {
      if (rows.length === 0) continue;
      all.append(make("h3", "acts-group", name), make("ul", "acts-list", ...rows.map((row) => {
        const pair = side === "server" ? [self, row] : [row, self];
        const { outcome, what, why } = kind(...pair);
        const line = button("acts-row", sign(outcome), make("span", "acts-name", row.name), make("span", "matrix-what", what));
        if (why) line.append(make("span", "matrix-why", why));
        line.onclick = () => open(...pair.map((one) => one.id));
        return make("li", "", line);
      })));
    }
    return all;
  }

  function render() {
    const text = make("p", "", say("matrix.text"));
    const chosen = one || (small.matches ? `server ${flat(found("server"))[0].id}` : "");
    root.replaceChildren(text, ...chosen ? [choice(chosen), list(chosen)] : grid());
  }

  const resized = () => root.isConnected ? render() : small.removeEventListener("change", resized);
  small.addEventListener("change", resized);
  render();
}
