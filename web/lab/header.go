package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// header is the title, and the choice of scenario, language and theme.
type header struct {
	app.Compo
	Text     i18n.Catalog
	Scenario string
	Edited   bool
	Title    string // in place of the scenario's: of a meeting, or of real programs
	Place    string // fragment for the page in another language
	Embedded bool   // in a frame: the page around it has all this
	menu     bool   // where there is little room, the rest is in a menu: it is open
}

func (h *header) Render() app.UI {
	class := "header-more"
	if h.menu {
		class += " header-more-open"
	}
	return app.Header().Class("header").Body(
		app.H1().Class("header-title").Text(h.Text.T("page.title")),
		&chooser{Text: h.Text, Scenario: h.Scenario, Edited: h.Edited, Title: h.Title},
		h.more(class),
	)
}

func (h *header) more(class string) app.UI {
	if h.Embedded {
		return nil
	}
	return app.Div().Class("header-place").On("focusout", h.left).OnKeyDown(h.key).Body(
		button("btn header-menu").ID("menu").Aria("expanded", h.menu).Aria("controls", "more").OnClick(h.unfold).Body(
			icon("menu"), hidden(h.Text.T("ui.menu"))),
		div(class,
			&languages{Here: h.Text.Lang, Label: h.Text.T("ui.languages"), Place: h.Place},
			opener(dialogShare, "share", h.Text.T("ui.share")),
			opener(dialogHelp, "help", h.Text.T("ui.help")),
			&theme{Text: h.Text},
		).ID("more"),
	)
}

func (h *header) unfold(ctx app.Context, e app.Event) { h.menu = !h.menu }

// left folds the menu when the focus goes elsewhere.
func (h *header) left(ctx app.Context, e app.Event) {
	if to := e.Get("relatedTarget"); to.Truthy() && !ctx.JSSrc().Call("contains", to).Bool() {
		h.menu = false
	}
}

func (h *header) key(ctx app.Context, e app.Event) {
	if h.menu && e.Get("key").String() == "Escape" {
		h.menu = false
		focus("menu")
	}
}
