package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// notice says what is to be known about how one came here, until it was read.
type notice struct {
	app.Compo
	Text  i18n.Catalog
	Words string
}

func (n *notice) Render() app.UI {
	return app.Div().ID("notice").Class("notice").Body(
		app.P().Role("alert").Text(n.Words),
		button("btn-small").ID("notice-close").OnClick(n.close).Text(n.Text.T("ui.close")),
	)
}

func (n *notice) close(ctx app.Context, _ app.Event) {
	focus("conversation")
	ctx.NewAction(actionHeard)
}
