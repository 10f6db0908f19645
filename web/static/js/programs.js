// Draws what is told of real programs: whom either side may act like, their
// meetings, the story of one, and (matrix.js, which the build puts behind this)
// what all come to with all. It is a script, fetched when it is needed: the
// program need not carry it.

// An element of a class with what is in it.
function make(name, className, ...body) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...body);
  return element;
}

const button = (className, ...body) => Object.assign(make("button", className, ...body), { type: "button" });

// A list, with its items' elements.
const items = (className, ...all) => make("ul", className, ...all.map((one) => make("li", "", one)));

// What unfolds below a title.
const folded = (className, title, ...body) => make("details", className, title, ...body);

// The set-up of a "server" or a "client", "ID" or "ID/VARIANT", or of an "act" of a
// meeting, "ID/ACT", in its JSON form.
export function setupOf({ opening, servers, clients, meetings }, kind, id) {
  const [name, part] = id.split("/");
  const whole = { server: servers, client: clients, act: meetings }[kind].find((one) => one.id === name);
  const one = part ? (whole.variants ?? whole.acts).find((of) => (of.name ?? of.id) === part) : whole;
  return JSON.stringify({ ...opening, ...one.setup });
}

// Draws into root what is asked for: "acts", "meetings", "matrix" or "story". say
// gives the sentence of an id; here has the dialects of the session, "ID" or
// "ID/VARIANT", and the name of its meeting; programs and matrix are the files of
// those names. What is chosen is told to root by an event "act", "meet" or "pair",
// with set-ups in their JSON form.
export function draw(root, what, say, here, programs, matrix) {
  const setup = (parts) => JSON.stringify({ ...programs.opening, ...parts });
  const tell = (type, detail) => root.dispatchEvent(new CustomEvent(type, { detail }));
  const sides = { server: programs.servers, client: programs.clients };
  const sources = (all) => folded("meeting-sources", make("summary", "", say("ui.meeting.sources")), items("", ...all));

  // Those of a side by groups, with all words of the query.
  function found(side, query) {
    const words = query.toLowerCase().split(/\s+/);
    const text = ({ id, name, version = "", evidence, variants = [] }) =>
      [id, name, version, evidence, say(`dialect.evidence.${evidence}`), ...variants.map((one) => one.name)].join(" ").toLowerCase();
    return programs.groups.map((group) => ({
      name: say(`dialect.group.${group}`),
      rows: sides[side].filter((one) => one.group === group && words.every((word) => text(one).includes(word))),
    })).filter(({ rows }) => rows.length > 0);
  }

  function acts() {
    // A button that lets a side act like id, which parts of a set-up make.
    const choose = (className, side, id, parts, ...body) => {
      const row = button(className, ...body);
      row.dataset.act = id;
      if (here[side] === id) row.setAttribute("aria-current", "true");
      row.onclick = () => tell("act", { side, setup: parts ? setup(parts) : "" });
      return row;
    };
    const program = (side, { id, name, evidence, version, variants = [], sources: from, setup: parts }) => {
      const row = choose("acts-row", side, id, parts, make("span", "acts-name", name), make("span", "acts-evidence", say(`dialect.evidence.${evidence}`)));
      if (version) row.append(make("span", "acts-version", version));
      const item = make("li", "", row);
      if (variants.length > 0) {
        const list = items("acts-variants", ...variants.map((one) => choose("acts-variant", side, `${id}/${one.name}`, one.setup, one.name)));
        list.setAttribute("aria-label", say("ui.acts.variants"));
        item.append(list);
      }
      if (here[side].split("/")[0] === id) item.append(sources(from));
      return item;
    };
    const list = (side, query) => {
      const title = make("h3", "acts-side", say(`ui.acts.${side}`));
      title.id = `acts-${side}`;
      const section = make("section", "", title, items("acts-list", choose("acts-row", side, "", null, make("span", "acts-name", say("ui.acts.none")))),
        ...found(side, query).flatMap(({ name, rows }) => [make("h4", "acts-group", name), make("ul", "acts-list", ...rows.map((one) => program(side, one)))]));
      section.setAttribute("aria-labelledby", title.id);
      section.dataset.side = side;
      return section;
    };
    const both = make("div", "acts-sides");
    const input = Object.assign(make("input", "chooser-query"), {
      id: "acts-filter", type: "search", autocomplete: "off", spellcheck: false, placeholder: say("ui.acts.filter"),
    });
    input.setAttribute("aria-label", say("ui.acts.filter"));
    input.oninput = () => both.replaceChildren(list("server", input.value), list("client", input.value));
    input.oninput();
    return [make("p", "", say("ui.acts.text")), input, both];
  }

  // A story that unfolds, with its acts and its sources; who is what its title says of the two.
  function story({ id, acts, sources: from }, who) {
    const name = `meeting.${id}`;
    const pair = ({ server, client, evidence }) => make("span", "meeting-pair", `${client} → ${server} · ${say(`dialect.evidence.${evidence}`)}`);
    const list = items("meeting-acts", ...acts.map((act) => {
      const row = button("meeting-act", make("span", "meeting-label", say(`${name}.${act.id}`)), pair(act));
      row.dataset.meeting = `${id}/${act.id}`;
      if (row.dataset.meeting === here.meeting) row.setAttribute("aria-current", "true");
      row.onclick = () => tell("meet", { setup: setup(act.setup), at: act.at });
      return row;
    }));
    list.setAttribute("aria-label", say("ui.meeting.acts"));
    return folded("meeting", make("summary", "meeting-title", make("span", "meeting-name", say(`${name}.title`)), ...(who ? [pair(acts[0])] : [])),
      make("div", "meeting-body", make("p", "meeting-story", say(`${name}.story`)), list, sources(from)));
  }

  function told() {
    const one = programs.meetings.find(({ id }) => id === here.meeting.split("/")[0]);
    return one ? [Object.assign(story(one, false), { id: "meeting", open: true })] : [];
  }

  switch (what) {
    case "acts": return root.replaceChildren(...acts());
    case "meetings": return root.replaceChildren(make("p", "", say("ui.meetings.text")), items("meetings", ...programs.meetings.map((one) => story(one, true))));
    case "story": return root.replaceChildren(...told());
    case "matrix": {
      const place = make("div", "matrix");
      place.id = "matrix";
      root.replaceChildren(place);
      const whole = (side, id) => setup(sides[side].find((one) => one.id === id).setup);
      return cross(place, say, matrix, found, (server, client) => tell("pair", { server: whole("server", server), client: whole("client", client) }));
    }
  }
}
