package lab

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// chooser shows the scenario and unfolds into a list of all of them, and of what
// else is found.
type chooser struct {
	app.Compo
	Text     i18n.Catalog
	Scenario string
	Edited   bool
	Title    string // in place of the scenario's
	open     bool
	query    string
	finder   *view.Finder
	index    progress // of what is no scenario
}

// progress is how far something is that is fetched.
type progress int

const (
	notYet progress = iota
	underWay
	arrived
	missing
)

func (c *chooser) Render() app.UI {
	now, _ := scenario.ByID(c.Scenario)
	head := button("chooser-button").ID("scenario").Aria("expanded", c.open).OnClick(c.toggle)
	if c.open {
		head.Aria("controls", "scenarios")
	}
	name, edited := c.Text.T("scenario."+now.ID+".title"), c.Edited
	if c.Title != "" {
		name, edited, now.Codes = c.Title, false, nil
	}
	title := []app.UI{hidden(c.Text.T("ui.scenario") + " "), span("chooser-title", name)}
	if edited {
		title = append(title, span("chooser-edited", c.Text.T("ui.scenario.edited")))
	}
	return app.Div().Class("chooser").On("focusout", c.left).OnKeyDown(c.key).Body(
		head.Body(append(title, codes(now.Codes), icon("unfold"))...),
		app.If(c.open, app.Div().Class("chooser-backdrop").OnClick(c.toggle), c.panel()),
	)
}

// panel is the list with a filter above it.
func (c *chooser) panel() app.UI {
	groups, counted := c.found(), "ui.scenarios.found"
	if c.query != "" {
		counted = "ui.scenarios.results"
	}
	n := 0
	for _, g := range groups {
		n += len(g.All) + g.More
	}
	said := c.Text.T(counted, "n", n)
	if n == 0 {
		said = c.Text.T("ui.scenarios.nothing")
	}
	switch c.index {
	case underWay:
		said += " " + c.Text.T("ui.acts.wait")
	case missing:
		said += " " + c.Text.T("ui.scenarios.missing")
	}
	return div("chooser-panel",
		div("chooser-filter",
			app.Input().ID("scenario-filter").Class("chooser-query").Type("search").AutoComplete(false).
				Spellcheck(false).Aria("label", c.Text.T("ui.scenarios.filter")).Placeholder(c.Text.T("ui.scenarios.filter")).
				Aria("controls", "scenarios").OnInput(c.filter),
			app.P().ID("scenarios-found").Class("chooser-found").Role("status").Text(said),
		),
		app.Div().ID("scenarios").Class("chooser-list").Body(c.lists(groups)...),
	)
}

func (c *chooser) found() []view.Results {
	if c.finder == nil {
		c.finder = view.NewFinder(view.Scenarios(c.Text))
	}
	return c.finder.Find(c.query)
}

// lists are what was found, of each kind one.
func (c *chooser) lists(groups []view.Results) (all []app.UI) {
	for _, g := range groups {
		name := "found-" + string(g.Kind)
		rows := make([]app.UI, len(g.All))
		for i, r := range g.All {
			rows[i] = app.Li().Body(c.row(r))
		}
		all = append(all,
			app.H2().ID(name).Class("chooser-kind").Text(c.Text.T("ui.found."+string(g.Kind))),
			app.Ul().Class("chooser-rows").Aria("labelledby", name).Body(rows...),
			app.If(g.More > 0, para("chooser-more", c.Text.T("ui.scenarios.more", "n", g.More))))
	}
	return all
}

func (c *chooser) row(r view.Result) app.UI {
	place, _ := json.Marshal(r.Place)
	row := button("chooser-row").DataSet("place", string(place)).OnClick(c.choose)
	shown := r.Codes
	switch r.Kind {
	case view.FoundScenario:
		row.DataSet("scenario", r.Place.ID)
		if r.Place.ID == c.Scenario {
			row.Aria("current", "true").ID("scenario-here")
		}
	case view.FoundReply:
		row.Class("chooser-reply")
		shown = nil // its text begins with them
	}
	return row.Body(span("chooser-row-title", r.Title), codes(shown), span("chooser-row-watch", r.Note))
}

// fetch asks for the index at the first opening, and again where it was missing.
func (c *chooser) fetch(ctx app.Context) {
	if c.index == underWay || c.index == arrived {
		return
	}
	c.index = underWay
	app.Window().Call("playgroundMore", "index").Then(func(texts app.Value) {
		var more []view.Result
		had := texts.Truthy() && json.Unmarshal([]byte(texts.Index(0).String()), &more) == nil
		ctx.Dispatch(func(app.Context) {
			if c.index = missing; had {
				c.index, c.finder = arrived, view.NewFinder(view.Scenarios(c.Text), more)
			}
		})
	})
}

func (c *chooser) filter(ctx app.Context, _ app.Event) { c.query = ctx.JSSrc().Get("value").String() }

// codes are the reply codes to look for.
func codes[T any](all []T) app.UI {
	elems := make([]app.UI, len(all))
	for i, code := range all {
		elems[i] = span("code", fmt.Sprint(code))
	}
	return app.Span().Class("codes").Body(elems...)
}

// unfold opens or folds the list; what lies behind it rests meanwhile.
func (c *chooser) unfold(open bool) {
	c.open, c.query = open, ""
	if app.IsClient {
		app.Window().Get("document").Call("querySelector", "main").Set("inert", open)
	}
}

func (c *chooser) toggle(ctx app.Context, e app.Event) {
	c.unfold(!c.open)
	if c.open {
		c.fetch(ctx)
		ctx.Defer(func(app.Context) { focus("scenario-here") })
	} else {
		focus("scenario")
	}
}

func (c *chooser) choose(ctx app.Context, e app.Event) {
	var to view.Place
	json.Unmarshal([]byte(ctx.JSSrc().Get("dataset").Get("place").String()), &to) // our own
	c.unfold(false)
	focus("scenario")
	ctx.NewActionWithValue(actionLead, to)
}

// left folds the list when the focus goes elsewhere.
func (c *chooser) left(ctx app.Context, e app.Event) {
	if to := e.Get("relatedTarget"); to.Truthy() && !ctx.JSSrc().Call("contains", to).Bool() {
		c.unfold(false)
	}
}

// key folds the list with Escape, walks it with the arrows, and has what is typed
// go into the filter.
func (c *chooser) key(ctx app.Context, e app.Event) {
	if !c.open || e.Get("ctrlKey").Bool() || e.Get("altKey").Bool() || e.Get("metaKey").Bool() {
		return
	}
	key, target := e.Get("key").String(), e.Get("target")
	filtering := target.Get("id").String() == "scenario-filter"
	switch {
	case key == "Escape":
		c.unfold(false)
		focus("scenario")
	case key == "ArrowDown" || key == "ArrowUp" || !filtering && (key == "Home" || key == "End"):
		c.walk(ctx, key)
	case key == "Enter" && filtering:
		ctx.JSSrc().Call("querySelector", ".chooser-row").Call("click")
	case utf8.RuneCountInString(key) == 1 && key != " " && !filtering:
		focus("scenario-filter") // where the browser then writes it, in turn with what is typed on
		return
	default:
		return
	}
	e.PreventDefault()
}

// walk moves the focus along the list; above its first row stands the filter.
func (c *chooser) walk(ctx app.Context, key string) {
	rows := ctx.JSSrc().Call("querySelectorAll", ".chooser-row")
	last, at := rows.Length()-1, -1
	active := app.Window().Get("document").Get("activeElement")
	for i := range last + 1 {
		if rows.Index(i).Equal(active) {
			at = i
		}
	}
	to := map[string]int{"ArrowDown": min(at+1, last), "ArrowUp": at - 1, "Home": 0, "End": last}[key]
	if to < 0 {
		focus("scenario-filter")
		return
	}
	rows.Index(to).Call("focus")
}
