package lab

import (
	"strings"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A couple is a server and a client, by their dialects.
type couple struct{ Server, Client string }

// pairs is the place of the matrix of all servers and all clients. A script of
// its own draws it, see matrix.js.
type pairs struct {
	app.Compo
	Text i18n.Catalog
}

func (p *pairs) Render() app.UI {
	return app.Div().ID("matrix").Class("matrix").On("pair", p.open)
}

func (p *pairs) OnMount(ctx app.Context) {
	if app.IsServer {
		return
	}
	app.Window().Call("playgroundMatrix", ctx.JSSrc(), app.FuncOf(func(_ app.Value, args []app.Value) any {
		return p.Text.T(args[0].String())
	}))
}

// open closes the dialog and asks for the session of the pair that was chosen.
func (p *pairs) open(ctx app.Context, e app.Event) {
	server, client, _ := strings.Cut(e.Get("detail").String(), " ")
	closeDialog(ctx, app.Event{})
	ctx.NewActionWithValue(actionPair, couple{server, client})
}

// cross runs the session of a pair, from the beginning of everything else, and
// goes to where it turned.
func (p *Page) cross(ctx app.Context, of couple) {
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
