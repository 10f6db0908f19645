package lab

import (
	"time"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// crossTable is the table of all pairs. Its heads are rendered; its cells, more
// than a thousand, are put into the document directly, where that takes a tenth
// of the time. The handlers stand on the table.
type crossTable struct {
	app.Compo
	Text             i18n.Catalog
	Of               *view.Crossings
	Servers, Clients []view.Acts
	fills            int // counts how often the cells were put in anew
}

// atOnce is how many rows are filled before the browser may draw and listen.
const atOnce = 8

func (c *crossTable) Render() app.UI {
	groups := []app.UI{app.Td().Rowspan(2)}
	var names, bodies []app.UI
	for _, g := range c.Clients {
		groups = append(groups, app.Th().Scope("colgroup").ColSpan(len(g.Rows)).Text(c.Text.T(string(g.Name))))
		for _, a := range g.Rows {
			names = append(names, app.Th().Class("cross-client").Scope("col").Body(span("", a.Name)))
		}
	}
	for _, g := range c.Servers {
		rows := []app.UI{app.Tr().Body(app.Th().Class("cross-group").Scope("rowgroup").Text(c.Text.T(string(g.Name))), app.Td().ColSpan(max(len(names), 1)))}
		for _, a := range g.Rows {
			rows = append(rows, app.Tr().Class("cross-row").Body(app.Th().Class("cross-server").Scope("row").Text(a.Name)))
		}
		bodies = append(bodies, app.TBody().Body(rows...))
	}
	return app.Table().ID("crossings").Class("crossings").Role("grid").Aria("label", c.Text.T("ui.tab.matrix")).
		OnClick(c.click).OnKeyDown(c.key).On("focusin", c.tell).On("mouseover", c.tell).
		Body(append([]app.UI{app.THead().Body(app.Tr().Body(groups...), app.Tr().Body(names...))}, bodies...)...)
}

func (c *crossTable) OnMount(ctx app.Context)  { ctx.Defer(c.fill) }
func (c *crossTable) OnUpdate(ctx app.Context) { ctx.Defer(c.fill) }

// fill puts the cells into their rows.
func (c *crossTable) fill(ctx app.Context) {
	if c.fills++; app.IsClient {
		c.fillFrom(ctx, 0, c.fills)
	}
}

// fillFrom fills some rows, and the others later: with copies of one cell for
// each kind, each with a name of its own. Tab leads to the first.
func (c *crossTable) fillFrom(ctx app.Context, from, fills int) {
	servers := flat(c.Servers)
	if c.fills != fills || from >= len(servers) && from > 0 {
		return
	}
	document := app.Window().Get("document")
	rows := document.Call("querySelectorAll", "#crossings .cross-row")
	kinds, words := map[view.Crossing]app.Value{}, map[view.Crossing]string{}
	clients := flat(c.Clients)
	for i := from; i < min(from+atOnce, len(servers)); i++ {
		a := servers[i]
		cells := make([]any, 1, 1+len(clients))
		cells[0] = rows.Index(i).Get("firstElementChild")
		for _, b := range clients {
			x := c.Of.Of(a.ID, b.ID)
			if kinds[x] == nil {
				kinds[x], words[x] = kind(document, x), crossed(c.Text, x)
			}
			cell := kinds[x].Call("cloneNode", true)
			cell.Get("firstChild").Call("setAttribute", "aria-label", c.Text.T("matrix.cell", "server", a.Name, "client", b.Name, "what", words[x]))
			cells = append(cells, cell)
		}
		rows.Index(i).Call("replaceChildren", cells...)
	}
	if first := document.Call("querySelector", "#crossings .cross"); from == 0 && first.Truthy() {
		first.Set("tabIndex", 0)
	}
	ctx.After(time.Millisecond, func(ctx app.Context) { c.fillFrom(ctx, from+atOnce, fills) })
}

// kind is a cell of its kind, without the names.
func kind(document app.Value, x view.Crossing) app.Value {
	cell := document.Call("createElement", "td")
	in := document.Call("createElement", "button")
	in.Set("type", "button")
	in.Set("className", "cross "+crossClass(x.Outcome)+" "+crossClass(x.How))
	in.Set("tabIndex", -1)
	if x.Short != "" {
		in.Get("dataset").Set("short", x.Short)
	}
	cell.Call("append", in)
	return cell
}

// flat are the rows of all groups.
func flat(groups []view.Acts) (all []view.Act) {
	for _, g := range groups {
		all = append(all, g.Rows...)
	}
	return all
}

// at is the cell that an event is about, with its row and its column, or none.
func (c *crossTable) at(table app.Value, e app.Event) (cell app.Value, row, column int) {
	cell = e.Get("target").Call("closest", "td > .cross")
	if !cell.Truthy() {
		return nil, 0, 0
	}
	td := cell.Get("parentNode")
	rows := table.Call("querySelectorAll", ".cross-row")
	for i := range rows.Length() {
		if rows.Index(i).Equal(td.Get("parentNode")) {
			row = i
		}
	}
	return cell, row, td.Get("cellIndex").Int() - 1
}

func (c *crossTable) click(ctx app.Context, e app.Event) {
	if cell, row, column := c.at(ctx.JSSrc(), e); cell != nil {
		openPair(ctx, couple{flat(c.Servers)[row].ID, flat(c.Clients)[column].ID})
	}
}

// tell says above the table what the cell under the pointer, or with the focus,
// comes to. The cell with the focus is the one that Tab leads to.
func (c *crossTable) tell(ctx app.Context, e app.Event) {
	cell, row, column := c.at(ctx.JSSrc(), e)
	if cell == nil {
		return
	}
	x := c.Of.Of(flat(c.Servers)[row].ID, flat(c.Clients)[column].ID)
	app.Window().GetElementByID("matrix-told").Set("textContent", cell.Call("getAttribute", "aria-label").String()+" "+why(c.Text, x))
	if e.Get("type").String() == "focusin" {
		if was := ctx.JSSrc().Call("querySelector", `[tabindex="0"]`); was.Truthy() {
			was.Set("tabIndex", -1)
		}
		cell.Set("tabIndex", 0)
	}
}

// key walks the cells with the arrows; Home and End lead to the ends of a row,
// with Ctrl to the corners.
func (c *crossTable) key(ctx app.Context, e app.Event) {
	cell, row, column := c.at(ctx.JSSrc(), e)
	if cell == nil || e.Get("altKey").Bool() || e.Get("metaKey").Bool() {
		return
	}
	all, last, bottom := e.Get("ctrlKey").Bool(), len(flat(c.Clients))-1, len(flat(c.Servers))-1
	switch e.Get("key").String() {
	case "ArrowLeft":
		column--
	case "ArrowRight":
		column++
	case "ArrowUp":
		row--
	case "ArrowDown":
		row++
	case "Home":
		if column = 0; all {
			row = 0
		}
	case "End":
		if column = last; all {
			row = bottom
		}
	default:
		return
	}
	e.PreventDefault()
	row, column = min(max(row, 0), bottom), min(max(column, 0), last)
	ctx.JSSrc().Call("querySelectorAll", ".cross-row").Index(row).Get("cells").Index(column + 1).Get("firstElementChild").Call("focus")
}
