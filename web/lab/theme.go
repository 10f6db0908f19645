package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// theme is the button that goes from the system's theme to light to dark.
type theme struct {
	app.Compo
	Text   i18n.Catalog
	chosen string
}

func (t *theme) OnInit() { t.chosen = Theme() }

func (t *theme) Render() app.UI {
	name := t.chosen
	if name == "" {
		name = "system"
	}
	return button("btn theme").ID("theme").DataSet("theme", name).OnClick(t.next).Body(
		icon("theme-"+name),
		hidden(t.Text.T("ui.theme")+" "),
		span("theme-name", t.Text.T("ui.theme."+name)),
	)
}

func (t *theme) next(ctx app.Context, e app.Event) {
	t.chosen = map[string]string{"": "light", "light": "dark", "dark": ""}[t.chosen]
	SetTheme(t.chosen)
}
