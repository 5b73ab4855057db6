"use strict";
// Everything from documents reaches the page as text nodes and attributes, never as HTML.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const STEP = 100;
  const NAMED = 50;
  const LABELS = ["PER", "LOC", "ORG", "OTH"];
  const main = document.getElementById("main");
  const search = document.getElementById("search");
  /** What a screen reader says without being asked. */
  const told = document.getElementById("told");
  let language = navigator.language.startsWith("de") ? "de" : "en";
  let charts = [];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const root = document.documentElement.classList;
    return root.contains("dark") || (dark.matches && !root.contains("light"));
  };
  const word = (key) => WORDS[language][key];
  const number = (count) => count.toLocaleString(language);
  /** How many of what, in the right number. */
  const many = (count, key) => `${number(count)} ${word("counted")[key][count === 1 ? 0 : 1]}`;
  /** What languages and scripts are called, as far as the browser knows. */
  const called = (code, type) => {
    try {
      return new Intl.DisplayNames([language], { type }).of(code);
    } catch {
      return code;
    }
  };

  /** For each entity: document and number of the mention in it. */
  const mentionsOf = data.entities.map(() => []);
  data.documents.forEach((one, at) => one.places.forEach((place, number) => mentionsOf[place.entity].push([at, number])));
  const pairsOf = data.entities.map(() => []);
  for (const [a, b, sentences, documents] of data.pairs) {
    pairsOf[a].push([b, sentences, documents]);
    pairsOf[b].push([a, sentences, documents]);
  }
  const haystacks = data.entities.map((entity) => plain([entity.name, ...entity.forms.map((form) => form[0])].join("\n")));

  /** Lower case, without marks on letters. */
  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
    return element;
  }

  const label = (name) => h("span", { class: `label ${name}` }, word("of")[name]);
  const toEntity = (at) => h("a", { href: `#/entity/${at}` }, data.entities[at].name);
  const titleOf = (one) => one.title || one.id;
  const toDocument = (at, place) =>
    h("a", { href: `#/document/${at}${place === undefined ? "" : `/${place}`}` }, titleOf(data.documents[at]));

  /** A list that grows by a button; `make` turns an item into an element. */
  function growing(items, make, into) {
    const more = h("button", { type: "button", onclick: grow });
    let shown = 0;
    function grow() {
      into.append(...items.slice(shown, shown + STEP).map(make));
      shown = Math.min(shown + STEP, items.length);
      more.textContent = `${word("more")} (${number(items.length - shown)})`;
      more.hidden = shown >= items.length;
    }
    grow();
    return more;
  }

  function table(heads, rows, make) {
    const body = h("tbody");
    const head = heads.map(([key, kind]) => h("th", { scope: "col", class: kind }, word(key)));
    const more = growing(rows, make, body);
    return [h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, head)), body)), more];
  }

  const cell = (value, kind) => h("td", { class: kind }, value ?? "");
  const count = (value, kind = "") => h("td", { class: `number ${kind}` }, number(value));

  function partly(shown, all, key) {
    return shown < all && h("p", { class: "note" }, word("part")(number(shown), number(all), word(key)));
  }

  // Charts.

  const color = (name) => {
    const probe = h("span", { style: `background:var(--${name})` });
    document.body.append(probe);
    const found = getComputedStyle(probe).backgroundColor;
    probe.remove();
    return found;
  };

  function chart(box, option) {
    const drawn = echarts.init(box, null, { renderer: "canvas" });
    const text = { color: color("text") };
    const aria = { enabled: true, label: { description: box.getAttribute("aria-label") } };
    drawn.setOption({ textStyle: text, aria, animation: false, ...option });
    document.documentElement.classList.toggle("drawn-dark", isDark());
    charts.push(drawn);
    return drawn;
  }

  function bars(box, counts) {
    const axis = { axisLabel: { color: color("soft") }, axisLine: { lineStyle: { color: color("line") } } };
    chart(box, {
      grid: { left: 44, right: 12, top: 12, bottom: 28 },
      tooltip: { trigger: "axis", backgroundColor: color("panel"), textStyle: { color: color("text") } },
      xAxis: { type: "category", data: counts.map(([when]) => when), ...axis },
      yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: color("line") } }, ...axis },
      series: [{ type: "bar", data: counts.map(([, count]) => count), itemStyle: { color: color("link") }, barMaxWidth: 40 }],
    });
  }

  /** Every month from the first to the last, or every year if those are many. */
  function whole(counts) {
    const [first, last] = [counts[0][0], counts.at(-1)[0]].map((month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1);
    const step = last - first > 240 ? 12 : 1;
    const name = (at) => `${Math.floor(at / 12)}`.padStart(4, "0") + (step === 1 ? `-${`${(at % 12) + 1}`.padStart(2, "0")}` : "");
    const found = new Map();
    for (let at = first - (first % step); at <= last; at += step) found.set(name(at), 0);
    for (const [month, count] of counts) {
      const when = step === 1 ? month : month.slice(0, 4);
      found.set(when, (found.get(when) ?? 0) + count);
    }
    return [step === 1 ? "months" : "years", [...found]];
  }

  /** Counts by month as a chart, and as a table for whoever cannot see it. */
  function timeline(counts) {
    if (counts.length < 2) return [];
    const [unit, all] = whole(counts);
    const heading = word("timeline")[unit];
    const box = h("div", { class: "chart", role: "img", "aria-label": heading });
    requestAnimationFrame(() => bars(box, all));
    const rows = table([[unit], ["documents", "number"]], all.filter(([, count]) => count > 0), ([when, documents]) =>
      h("tr", {}, cell(when), count(documents)));
    return [h("h2", {}, heading), box, h("details", {}, h("summary", {}, word("astable")), rows)];
  }

  // Pages.

  function overview() {
    const counts = data.run.counts ?? {};
    const named = (kind) => {
      const items = data.entities.map((entity, at) => [entity, at]).filter(([entity]) => entity.label === kind).slice(0, 12);
      const list = items.map(([entity, at]) => h("li", {}, h("span", { class: "count" }, number(entity.mentions)), toEntity(at)));
      const head = h("h2", {}, h("a", { href: `#/entities/${kind}` }, word(kind)), " ", h("span", { class: "soft" }, number(counts.entities?.[kind] ?? 0)));
      return h("section", { class: "panel" }, head, list.length ? h("ol", { class: "plain" }, list) : h("p", { class: "soft" }, word("none")));
    };
    const languages = Object.entries(counts.languages ?? {}).sort((a, b) => b[1] - a[1]);
    const faulty = data.documents.map((one, at) => [one, at]).filter(([one]) => one.status === "faulty");
    const figure = (key, value) => h("div", { class: "panel" }, h("div", { class: "big" }, number(value)), word(key));
    const isPart = partly(data.documents.length, data.all.documents, "documents") || partly(data.entities.length, data.all.entities, "entities");
    return [
      h("h1", {}, word("overview")),
      h("p", { class: "soft" }, [].concat(data.run.inputs ?? []).join(", "), ` – namenlese ${data.run.version ?? ""}`),
      isPart,
      h("div", { class: "grid figures" }, figure("documents", data.all.documents), figure("entities", data.all.entities),
        figure("mentions", data.all.mentions), figure("faulty", counts.faulty ?? 0),
        figure("copies", (counts.duplicates ?? 0) + (counts.near_duplicates ?? 0))),
      timeline(data.months),
      h("h2", {}, word("entities")),
      h("div", { class: "grid" }, LABELS.map(named)),
      languages.length > 0 && [h("h2", {}, word("languages")),
        h("p", {}, languages.map(([code, count]) => `${called(code, "language")} ${number(count)}`).join(" · "))],
      faulty.length > 0 && [h("h2", {}, word("faults")),
        ...table([["title"], ["status"]], faulty, ([one, at]) => h("tr", {}, cell(toDocument(at)), cell(word("reason")(one.reason))))],
    ];
  }

  function entities(kind) {
    const list = h("div");
    const filter = h("input", { type: "search", placeholder: word("name"), "aria-label": word("name"), oninput: show });
    const kinds = h("select", { "aria-label": word("kind"), onchange: show },
      [["", "all"], ...LABELS.map((one) => [one, one])].map(([value, key]) => h("option", { value, selected: value === kind && "" }, word(key))));
    const order = h("select", { "aria-label": word("sort"), onchange: show }, h("option", { value: "count" }, word("bycount")), h("option", { value: "name" }, word("byname")));
    function show() {
      const wanted = plain(filter.value);
      const found = data.entities.map((entity, at) => [entity, at])
        .filter(([entity, at]) => (!kinds.value || entity.label === kinds.value) && haystacks[at].includes(wanted));
      if (order.value === "name") found.sort((a, b) => a[0].name.localeCompare(b[0].name, language));
      const rows = table([["name"], ["kind"], ["mentions", "number"], ["documents", "number wide"], ["forms", "number wide"], ["first", "wide"], ["last", "wide"]], found, ([entity, at]) =>
        h("tr", {}, cell(toEntity(at)), cell(label(entity.label)), count(entity.mentions), count(entity.documents, "wide"),
          count(entity.forms.length, "wide"), cell(entity.first, "wide"), cell(entity.last, "wide")));
      list.replaceChildren(...(found.length ? rows : [h("p", {}, word("none"))]));
    }
    show();
    return [h("h1", {}, word("entities")), partly(data.entities.length, data.all.entities, "entities"),
      h("div", { class: "filters" }, filter, kinds, order), list];
  }

  function context(at, number) {
    const place = data.documents[at].places[number];
    // Contexts are cut at blanks, of which there is none before a comma or after a bracket.
    const [before, after] = [/[(\[„‚-]$/.test(place.left) ? "" : " ", /^[)\].,;:!?…“’-]/.test(place.right) ? "" : " "];
    return h("div", { class: "context" }, place.left, place.left && before,
      h("mark", { class: data.entities[place.entity].label }, h("a", { href: `#/document/${at}/${number}` }, place.surface)),
      place.right && after, place.right);
  }

  function entity(at) {
    const one = data.entities[at];
    if (!one) return missing();
    const byMonth = new Map();
    for (const place of new Set(mentionsOf[at].map(([document]) => document))) {
      const month = data.documents[place].date.slice(0, 7);
      if (month.length === 7) byMonth.set(month, (byMonth.get(month) ?? 0) + 1);
    }
    const contexts = h("div");
    const more = growing(mentionsOf[at], ([document, number]) => h("div", {}, h("div", { class: "soft" }, toDocument(document, number), " ", data.documents[document].date), context(document, number)), contexts);
    const near = pairsOf[at].slice(0, 30);
    return [
      h("h1", {}, one.name, " ", label(one.label)),
      h("p", {}, `${many(one.mentions, "mentions")}, ${many(one.documents, "documents")}`,
        one.first && ` – ${word("first")} ${one.first}, ${word("last")} ${one.last}`,
        one.wikidata && [" – ", h("a", { href: `https://www.wikidata.org/wiki/${encodeURIComponent(one.wikidata)}`, rel: "noreferrer" }, one.wikidata)]),
      h("p", { class: "soft" }, one.id),
      h("h2", {}, word("forms")),
      ...table([["form"], ["script", "wide"], ["mentions", "number"], ["why"]], one.forms, ([form, script, mentions, reason]) =>
        h("tr", {}, cell(form), cell(called(script, "script"), "wide"), count(mentions), cell(word("reason")(reason)))),
      timeline([...byMonth].sort()),
      near.length > 0 && [h("h2", {}, word("together")), h("ul", { class: "plain columns" }, near.map(([other, sentences, documents]) =>
        h("li", {}, h("span", { class: "count" }, [sentences && many(sentences, "sentences"), many(documents, "documents")].filter(Boolean).join(", ")), toEntity(other))))],
      h("h2", {}, word("context")), contexts, more,
    ];
  }

  function documents() {
    const list = h("div");
    const filter = h("input", { type: "search", placeholder: word("title"), "aria-label": word("title"), oninput: show });
    function show() {
      const wanted = plain(filter.value);
      const found = data.documents.map((one, at) => [one, at]).filter(([one]) => plain(`${one.title}\n${one.id}`).includes(wanted));
      const rows = table([["title"], ["date"], ["language", "wide"], ["mentions", "number"], ["status", "wide"]], found, ([one, at]) =>
        h("tr", {}, cell([toDocument(at), one.title && h("div", { class: "soft" }, one.id)]), cell(one.date, "date"), cell(one.language && called(one.language, "language"), "wide"),
          count(one.mentions), cell(one.status === "ok" ? word("read") : word("faulty"), "wide")));
      list.replaceChildren(...(found.length ? rows : [h("p", {}, word("none"))]));
    }
    show();
    return [h("h1", {}, word("documents")), partly(data.documents.length, data.all.documents, "documents"), h("div", { class: "filters" }, filter), list];
  }

  function text(at, here) {
    const one = data.documents[at];
    if (!one) return missing();
    const body = h("div", { class: "text", lang: one.language });
    one.pieces.forEach((piece, number) => {
      body.append(piece);
      const place = one.places[number];
      if (!place) return;
      const target = data.entities[place.entity];
      const marked = h("mark", { class: target.label + (number === here ? " here" : ""), title: `${target.name} – ${word("of")[target.label]}` },
        h("a", { href: `#/entity/${place.entity}` }, place.surface));
      if (number === here) requestAnimationFrame(() => marked.scrollIntoView({ block: "center" }));
      body.append(marked);
    });
    const twin = data.documents.findIndex((other) => other.id === one.duplicate_of);
    return [
      h("h1", {}, titleOf(one)),
      h("p", { class: "soft" }, [one.id, one.date, one.language && called(one.language, "language"), many(one.mentions, "mentions")].filter(Boolean).join(" · ")),
      one.reason && h("p", { class: "note" }, word("reason")(one.reason)),
      one.duplicate_of && h("p", { class: "note" }, word("duplicate"), " ", twin < 0 ? one.duplicate_of : toDocument(twin)),
      h("p", {}, LABELS.map((name) => [label(name), " "])),
      one.pieces.length ? body : [h("p", { class: "note" }, word("notext")), ...one.places.map((_, number) => context(at, number))],
    ];
  }

  function network() {
    const box = h("div", { class: "chart tall", role: "img", "aria-label": word("network") });
    const list = h("div");
    const most = h("select", { "aria-label": word("pairs"), onchange: show }, [60, 150, 400, 1000].map((n) => h("option", { value: n, selected: n === (innerWidth > 640 ? 150 : 60) && "" }, `${n} ${word("pairs")}`)));
    const kinds = h("select", { "aria-label": word("kind"), onchange: show }, [["", "all"], ...LABELS.map((one) => [one, one])].map(([value, key]) => h("option", { value }, word(key))));
    let drawn;
    function show() {
      const pairs = data.pairs.filter(([a, b]) => !kinds.value || [a, b].every((end) => data.entities[end].label === kinds.value)).slice(0, Number(most.value));
      // The most named first: those have their names beside them, the others when they are pointed at.
      const nodes = [...new Set(pairs.flatMap(([a, b]) => [a, b]))].sort((a, b) => a - b);
      const largest = Math.max(1, ...nodes.map((at) => data.entities[at].mentions));
      const weight = ([, , sentences, documents]) => Math.max(sentences, documents / 2);
      const closest = Math.max(1, ...pairs.map(weight));
      const room = Math.min(1, box.clientWidth / 1000);
      drawn ??= chart(box, { tooltip: { backgroundColor: color("panel"), textStyle: { color: color("text") } } });
      drawn.setOption({
        series: [{
          type: "graph", layout: "force", roam: true, draggable: true,
          // The more there are, the closer they stand, so that all are in sight.
          force: { repulsion: room * (20 + 9000 / (nodes.length + 10)), edgeLength: [20, 20 + 70 * room], gravity: 0.15, layoutAnimation: nodes.length < 200 },
          label: { show: true, position: "right", color: color("text"), fontSize: 11 }, labelLayout: { hideOverlap: true },
          emphasis: { focus: "adjacency", label: { show: true } },
          data: nodes.map((at, rank) => ({
            id: String(at), name: data.entities[at].name, value: data.entities[at].mentions,
            label: { show: rank < NAMED * room },
            symbolSize: (0.4 + 0.6 * room) * (8 + 30 * Math.sqrt(data.entities[at].mentions / largest)),
            itemStyle: { color: color(data.entities[at].label), borderColor: color("soft"), borderWidth: 1 },
          })),
          links: pairs.map((pair) => ({
            source: String(pair[0]), target: String(pair[1]), value: pair[2],
            lineStyle: { width: 0.8 + 4 * (weight(pair) / closest), color: color("soft"), opacity: 0.35 },
          })),
        }],
      });
      list.replaceChildren(...table([["name"], ["name"], ["sentences", "number"], ["documents", "number"]], pairs, ([a, b, sentences, documents]) =>
        h("tr", {}, cell(toEntity(a)), cell(toEntity(b)), count(sentences), count(documents))));
    }
    requestAnimationFrame(() => {
      show();
      drawn.on("click", (event) => { if (event.dataType === "node") location.hash = `#/entity/${event.data.id}`; });
    });
    return [h("h1", {}, word("network")), h("p", {}, word("networkAbout")), h("div", { class: "filters" }, most, kinds), box, h("h2", {}, word("pairs")), list];
  }

  function found(query) {
    const wanted = plain(query);
    const entities = data.entities.map((entity, at) => [entity, at]).filter(([, at]) => wanted && haystacks[at].includes(wanted));
    const documents = data.documents.map((one, at) => [one, at]).filter(([one]) => wanted && plain(`${one.title}\n${one.id}`).includes(wanted));
    told.textContent = `${many(entities.length, "entities")}, ${many(documents.length, "documents")}`;
    return [
      h("h1", {}, `${word("results")}: ${query}`),
      entities.length + documents.length === 0 && h("p", {}, word("none")),
      entities.length > 0 && [h("h2", {}, word("entities")), ...table([["name"], ["kind"], ["mentions", "number"]], entities, ([entity, at]) =>
        h("tr", {}, cell(toEntity(at)), cell(label(entity.label)), count(entity.mentions)))],
      documents.length > 0 && [h("h2", {}, word("documents")), ...table([["title"], ["date"]], documents, ([one, at]) =>
        h("tr", {}, cell(toDocument(at)), cell(one.date)))],
    ];
  }

  const missing = () => [h("h1", {}, word("none"))];

  function route() {
    const [page = "", first, second] = location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
    charts.forEach((one) => one.dispose());
    charts = [];
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = word(element.dataset.text);
    search.placeholder = word("search");
    search.setAttribute("aria-label", word("search"));
    document.getElementById("pages").setAttribute("aria-label", word("pages"));
    told.textContent = "";
    document.getElementById("language").textContent = word("other");
    for (const link of document.querySelectorAll("nav a")) {
      if (link.getAttribute("href") === `#/${page}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const pages = {
      "": overview, entities: () => entities(first ?? ""), entity: () => entity(Number(first)), documents, network,
      document: () => text(Number(first), second === undefined ? undefined : Number(second)), search: () => found(first ?? ""),
    };
    main.replaceChildren(...(pages[page] ?? missing)().flat(Infinity).filter(Boolean));
    const title = main.querySelector("h1")?.textContent ?? "";
    document.title = `${title} – namenlese`;
    return page === "search" ? {} : { isTurned: true, isTop: second === undefined };
  }

  /** Another page: its beginning, unless a place on it is asked for, and the focus on it. */
  function turn() {
    const { isTurned, isTop } = route();
    if (isTop) scrollTo(0, 0);
    if (!isTurned) return;
    search.value = "";
    main.focus({ preventScroll: true });
  }

  document.getElementById("language").addEventListener("click", () => { language = language === "de" ? "en" : "de"; route(); });
  document.getElementById("scheme").addEventListener("click", () => {
    const [root, wasDark] = [document.documentElement.classList, isDark()];
    root.toggle("dark", !wasDark);
    root.toggle("light", wasDark);
    route();
  });
  dark.addEventListener("change", route);
  // The address says which page is shown, so a link to a place on it cannot be left to the browser.
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  search.form.addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", () => location.replace(`#/search/${encodeURIComponent(search.value)}`));
  addEventListener("hashchange", turn);
  addEventListener("resize", () => charts.forEach((one) => one.resize()));
  route();
})();
