package lab

import (
	"strconv"
	"unicode/utf8"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// chooser shows the scenario and unfolds into a list of all of them.
type chooser struct {
	app.Compo
	Text     i18n.Catalog
	Scenario string
	Edited   bool
	Title    string // in place of the scenario's
	open     bool
	query    string
}

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
	found := c.found()
	said := c.Text.T("ui.scenarios.found", "n", len(found))
	if len(found) == 0 {
		said = c.Text.T("ui.scenarios.nothing")
	}
	return div("chooser-panel",
		div("chooser-filter",
			app.Input().ID("scenario-filter").Class("chooser-query").Type("search").AutoComplete(false).
				Spellcheck(false).Aria("label", c.Text.T("ui.scenarios.filter")).Placeholder(c.Text.T("ui.scenarios.filter")).
				Aria("controls", "scenarios").OnInput(c.filter),
			app.P().ID("scenarios-found").Class("chooser-found").Role("status").Text(said),
		),
		c.list(found),
	)
}

func (c *chooser) found() []scenario.Scenario {
	return view.Find(c.query, func(s scenario.Scenario) string {
		return c.Text.T("scenario."+s.ID+".title") + " " + c.Text.T("scenario."+s.ID+".watch")
	})
}

func (c *chooser) list(found []scenario.Scenario) app.UI {
	var rows []app.UI
	for _, s := range found {
		row := button("chooser-row").DataSet("scenario", s.ID).OnClick(c.choose)
		if s.ID == c.Scenario {
			row.Aria("current", "true").ID("scenario-here")
		}
		rows = append(rows, app.Li().Body(row.Body(
			span("chooser-row-title", c.Text.T("scenario."+s.ID+".title")),
			codes(s.Codes),
			span("chooser-row-watch", c.Text.T("scenario."+s.ID+".watch")),
		)))
	}
	return app.Ul().ID("scenarios").Class("chooser-list").Aria("label", c.Text.T("ui.scenarios")).Body(rows...)
}

func (c *chooser) filter(ctx app.Context, _ app.Event) { c.query = ctx.JSSrc().Get("value").String() }

// codes are the reply codes to look for.
func codes(all []int) app.UI {
	var elems []app.UI
	for _, code := range all {
		elems = append(elems, span("code", strconv.Itoa(code)))
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
		ctx.Defer(func(app.Context) { focus("scenario-here") })
	} else {
		focus("scenario")
	}
}

func (c *chooser) choose(ctx app.Context, e app.Event) {
	id := ctx.JSSrc().Get("dataset").Get("scenario").String()
	c.unfold(false)
	focus("scenario")
	ctx.NewActionWithValue(actionChoose, id)
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
