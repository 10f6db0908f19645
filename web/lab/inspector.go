package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// inspector explains the current step: the rule that decided, how the values
// were made, the octets.
type inspector struct {
	app.Compo
	Text  i18n.Catalog
	Sight view.Sight
	at    int // of the choice below
	open  int // number of the open card; 0: none; -1: as view has it
	tall  bool
}

func (i *inspector) OnInit() { i.open = -1 }

func (i *inspector) Render() app.UI {
	v := i.Sight
	return app.Section().ID("inspector").Class("panel inspector").Aria("label", i.Text.T("ui.inspector")).Body(
		app.H2().Text(say(i.Text, v.Title)),
	)
}
