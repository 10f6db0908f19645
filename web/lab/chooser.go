package lab

import (
	"strconv"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// chooser shows the scenario and unfolds into a list of all of them.
type chooser struct {
	app.Compo
	Text     i18n.Catalog
	Scenario string
	Edited   bool
	open     bool
}

func (c *chooser) Render() app.UI {
	now, _ := scenario.ByID(c.Scenario)
	head := button("chooser-button").ID("scenario").Aria("expanded", c.open).OnClick(c.toggle)
	if c.open {
		head.Aria("controls", "scenarios")
	}
	title := []app.UI{
		hidden(c.Text.T("ui.scenario") + " "),
		span("chooser-title", c.Text.T("scenario."+now.ID+".title")),
	}
	if c.Edited {
		title = append(title, span("chooser-edited", c.Text.T("ui.scenario.edited")))
	}
	return app.Div().Class("chooser").On("focusout", c.left).OnKeyDown(c.key).Body(
		head.Body(append(title, codes(now.Codes), icon("unfold"))...),
		app.If(c.open, app.Div().Class("chooser-backdrop").OnClick(c.toggle), c.list()),
	)
}

func (c *chooser) list() app.UI {
	var rows []app.UI
	for _, s := range scenario.All {
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

// codes are the reply codes to look for.
func codes(all []int) app.UI {
	var elems []app.UI
	for _, code := range all {
		elems = append(elems, span("code", strconv.Itoa(code)))
	}
	return app.Span().Class("codes").Body(elems...)
}

func (c *chooser) toggle(ctx app.Context, e app.Event) {
	c.open = !c.open
	if c.open {
		ctx.Defer(func(app.Context) { focus("scenario-here") })
	} else {
		focus("scenario")
	}
}

func (c *chooser) choose(ctx app.Context, e app.Event) {
	id := ctx.JSSrc().Get("dataset").Get("scenario").String()
	c.open = false
	focus("scenario")
	ctx.NewActionWithValue(actionChoose, id)
}

// left folds the list when the focus goes elsewhere.
func (c *chooser) left(ctx app.Context, e app.Event) {
	if to := e.Get("relatedTarget"); to.Truthy() && !ctx.JSSrc().Call("contains", to).Bool() {
		c.open = false
	}
}

// key folds the list with Escape and walks it with the arrows.
func (c *chooser) key(ctx app.Context, e app.Event) {
	if !c.open {
		return
	}
	switch e.Get("key").String() {
	case "Escape":
		c.open = false
		focus("scenario")
	case "ArrowDown", "ArrowUp", "Home", "End":
		c.walk(ctx, e.Get("key").String())
	default:
		return
	}
	e.PreventDefault()
}

// walk moves the focus along the list.
func (c *chooser) walk(ctx app.Context, key string) {
	rows := ctx.JSSrc().Call("querySelectorAll", ".chooser-row")
	last, at := rows.Length()-1, -1
	active := app.Window().Get("document").Get("activeElement")
	for i := range last + 1 {
		if rows.Index(i).Equal(active) {
			at = i
		}
	}
	to := map[string]int{"ArrowDown": min(at+1, last), "ArrowUp": max(at-1, 0), "Home": 0, "End": last}[key]
	rows.Index(to).Call("focus")
}
