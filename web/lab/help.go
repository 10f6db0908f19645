package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// help lists the keys and can switch them off (WCAG 2.2, 2.1.4).
type help struct {
	app.Compo
	Text i18n.Catalog
	Keys bool // they step
}

// helpKeys are the keys by what they do.
var helpKeys = []struct {
	id   string
	keys []string
}{
	{"step", []string{"→", "ui.key.space"}},
	{"back", []string{"←"}},
	{"first", []string{"Home"}},
	{"last", []string{"End"}},
	{"run", []string{"R"}},
	{"help", []string{"?"}},
	{"tabs", []string{"←", "→"}},
	{"escape", []string{"Esc"}},
}

func (h *help) Render() app.UI {
	var rows []app.UI
	for _, k := range helpKeys {
		var names []app.UI
		for i, key := range k.keys {
			if h.Text.Has(key) {
				key = h.Text.T(key)
			}
			if i > 0 {
				names = append(names, span("", " / "))
			}
			names = append(names, app.Kbd().Text(key))
		}
		rows = append(rows, app.Tr().Body(app.Th().Scope("row").Body(names...), app.Td().Text(h.Text.T("ui.help."+k.id))))
	}
	return dialog(h.Text, dialogHelp, "ui.help",
		app.Table().Class("help-keys").Body(app.TBody().Body(rows...)),
		app.Label().Class("help-switch").Body(
			app.Input().ID("help-keys").Type("checkbox").Checked(h.Keys).OnChange(h.turn),
			span("", h.Text.T("ui.help.keys")),
		),
		para("setting-hint", h.Text.T("ui.help.keys.text")),
		para("", h.Text.T("ui.help.words")),
	)
}

func (h *help) turn(ctx app.Context, _ app.Event) {
	ctx.NewActionWithValue(actionKeys, ctx.JSSrc().Get("checked").Bool())
}
