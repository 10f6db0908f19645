package lab

import (
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A couple is a server and a client, by their dialects.
type couple struct{ Server, Client string }

// pairs is the matrix of all servers and all clients. Where there is little
// room, or one of them was chosen, it is the list of that one's pairs.
type pairs struct {
	app.Compo
	Text     i18n.Catalog
	Dialects *dialect.All
	Of       *view.Crossings
	Setup    session.Setup
	servers  string // filters
	clients  string
	one      couple // either is empty, or both
	narrow   bool
}

// small is a window that has no room for the whole.
const small = "(max-width: 43.74em), (max-height: 30em)"

func (p *pairs) OnMount(app.Context)  { p.narrow = matches(small) }
func (p *pairs) OnResize(app.Context) { p.narrow = matches(small) }

func (p *pairs) Render() app.UI {
	servers, clients := p.programs(session.Server, p.servers), p.programs(session.Client, p.clients)
	one := p.one
	if p.narrow && one == (couple{}) {
		one.Server = p.Dialects.Servers[0].ID
	}
	text := para("", p.Text.T("matrix.text"))
	if one != (couple{}) {
		return div("matrix", text, p.choice(one), p.list(one))
	}
	return div("matrix", text,
		div("matrix-filters", p.choice(one), p.filter(session.Server, p.servers), p.filter(session.Client, p.clients)),
		app.P().ID("matrix-told").Class("matrix-told").Role("status"),
		div("matrix-scroll", &crossTable{Text: p.Text, Of: p.Of, Servers: servers, Clients: clients}),
		p.legend(),
	)
}

func (p *pairs) programs(side session.Side, query string) []view.Acts {
	return p.Of.Programs(p.Dialects, side, p.Setup, query)
}

// choice chooses all of them, or one.
func (p *pairs) choice(one couple) app.UI {
	var all []app.UI
	if !p.narrow {
		all = append(all, app.Option().Value("").Selected(one == (couple{})).Text(p.Text.T("ui.tab.matrix")))
	}
	for _, side := range []session.Side{session.Server, session.Client} {
		for _, g := range p.programs(side, "") {
			var of []app.UI
			for _, a := range g.Rows {
				here := side == session.Server && a.ID == one.Server || side == session.Client && a.ID == one.Client
				of = append(of, app.Option().Value(string(side)+" "+a.ID).Selected(here).Text(a.Name))
			}
			label := p.Text.T("ui.acts."+string(side)) + " · " + p.Text.T(string(g.Name))
			all = append(all, app.OptGroup().Label(label).Body(of...))
		}
	}
	return app.Label().Class("matrix-choice").Body(
		span("", p.Text.T("matrix.choice")),
		app.Select().ID("matrix-choice").OnChange(p.chosen).Body(all...),
	)
}

func (p *pairs) chosen(ctx app.Context, _ app.Event) {
	side, id, _ := strings.Cut(ctx.JSSrc().Get("value").String(), " ")
	p.one = couple{}
	if side == string(session.Server) {
		p.one.Server = id
	} else {
		p.one.Client = id
	}
}

func (p *pairs) filter(side session.Side, query string) app.UI {
	label := p.Text.T("matrix.filter." + string(side))
	return app.Input().ID("matrix-"+string(side)).Class("chooser-query").Type("search").Value(query).AutoComplete(false).
		Spellcheck(false).DataSet("side", string(side)).Aria("label", label).Placeholder(label).OnInput(p.filtered)
}

func (p *pairs) filtered(ctx app.Context, _ app.Event) {
	query := ctx.JSSrc().Get("value").String()
	if ctx.JSSrc().Get("dataset").Get("side").String() == string(session.Server) {
		p.servers = query
	} else {
		p.clients = query
	}
}

// legend says what the signs mean, and how often each came.
func (p *pairs) legend() app.UI {
	var all []app.UI
	outcomes, times := p.Of.Counts()
	for i, id := range outcomes {
		all = append(all, app.Li().Body(sign(id), span("", p.Text.T(string(id))), span("matrix-times", strconv.Itoa(times[i]))))
	}
	all = append(all,
		app.Li().Body(app.Span().Class("cross-readable").Aria("hidden", true).Text("LOGIN!"), span("", p.Text.T("matrix.readable"))),
		app.Li().Body(app.Span().Class("cross-tls").Aria("hidden", true).Text("LOGIN"), span("", p.Text.T("matrix.tls"))))
	return app.Ul().Class("matrix-legend").Aria("label", p.Text.T("matrix.legend")).Body(all...)
}

// sign stands for an outcome; the style sheet draws it.
func sign(outcome view.ID) app.UI {
	return app.Span().Class("cross "+crossClass(outcome)).Aria("hidden", true)
}

func crossClass(outcome view.ID) string { return "cross-" + lastWord(outcome) }

// list is one of them with each of the other side.
func (p *pairs) list(one couple) app.UI {
	other := session.Client
	if one.Server == "" {
		other = session.Server
	}
	var all []app.UI
	for _, g := range p.programs(other, "") {
		var rows []app.UI
		for _, a := range g.Rows {
			each := one
			if other == session.Client {
				each.Client = a.ID
			} else {
				each.Server = a.ID
			}
			rows = append(rows, app.Li().Body(p.row(each, a)))
		}
		all = append(all, app.H3().Class("acts-group").Text(p.Text.T(string(g.Name))), app.Ul().Class("acts-list").Body(rows...))
	}
	return div("", all...).ID("matrix-list")
}

func (p *pairs) row(each couple, a view.Act) app.UI {
	x := p.Of.Of(each.Server, each.Client)
	body := []app.UI{sign(x.Outcome), span("acts-name", a.Name), span("matrix-what", crossed(p.Text, x))}
	if x.Why != "" {
		body = append(body, span("matrix-why", why(p.Text, x)))
	}
	return button("acts-row").DataSet("server", each.Server).DataSet("client", each.Client).OnClick(p.open).Body(body...)
}

func (p *pairs) open(ctx app.Context, _ app.Event) {
	set := ctx.JSSrc().Get("dataset")
	openPair(ctx, couple{set.Get("server").String(), set.Get("client").String()})
}

// openPair closes the dialog and asks for a pair's session.
func openPair(ctx app.Context, p couple) {
	closeDialog(ctx, app.Event{})
	ctx.NewActionWithValue(actionPair, p)
}

// crossed says what a pair comes to.
func crossed(text i18n.Catalog, x view.Crossing) string {
	id := "matrix.with"
	if x.Mechanism == "" {
		id = "matrix.without"
	}
	return text.T(id, "outcome", text.T(string(x.Outcome)), "mechanism", x.Mechanism, "how", text.T(string(x.How)))
}

// why says what went wrong, or "".
func why(text i18n.Catalog, x view.Crossing) string {
	switch {
	case x.Why == "":
		return ""
	case x.Outcome == "matrix.sent":
		return text.T("matrix.first", "why", text.T(string(x.Why)))
	}
	return text.T(string(x.Why))
}

// fetchMatrix asks for the matrix, once.
func (p *Page) fetchMatrix(ctx app.Context) {
	if p.matrix != nil || app.IsServer {
		return
	}
	p.missing = false
	app.Window().Call("playgroundMore", "matrix").Then(func(texts app.Value) {
		var all *view.Crossings
		if texts.Truthy() {
			if m, err := matrix.Read([]byte(texts.Index(0).String())); err == nil {
				all = view.NewCrossings(m)
			}
		}
		ctx.Dispatch(func(app.Context) { p.matrix, p.missing = all, all == nil })
	})
}

// meet runs the session of a pair, from the beginning of everything else, and
// goes to where it turned.
func (p *Page) meet(ctx app.Context, of couple) {
	if p.dialects == nil {
		return
	}
	setup, err := scenario.Pair(p.dialects, of.Server, of.Client)
	if err != nil {
		return
	}
	p.follow(scenario.Default)
	p.rerun(ctx, setup, "")
	p.seek(ctx, p.story.Turn())
}
