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
	Place    string // fragment for the page in another language
}

func (h *header) Render() app.UI {
	return app.Header().Class("header").Body(
		app.H1().Class("header-title").Text(h.Text.T("page.title")),
		&chooser{Text: h.Text, Scenario: h.Scenario, Edited: h.Edited},
		h.languages(),
		div("header-tools",
			opener(dialogShare, "share", h.Text.T("ui.share")),
			opener(dialogHelp, "help", h.Text.T("ui.help")),
			&theme{Text: h.Text},
		),
	)
}

// own is what a language calls itself.
var own = map[string]string{"en": "English", "zh": "中文", "ru": "Русский"}

// languages links to the same place in the other languages.
func (h *header) languages() app.UI {
	var links []app.UI
	for _, lang := range i18n.Languages {
		if lang == h.Text.Lang {
			links = append(links, app.Li().Body(
				app.Span().Class("language language-here").Aria("current", "true").Text(own[lang])))
			continue
		}
		links = append(links, app.Li().Body(
			app.A().Class("language").Href("../"+lang+"/#"+h.Place).Lang(lang).Attr("hreflang", lang).
				OnClick(h.leave).Text(own[lang])))
	}
	return app.Nav().Class("languages").Aria("label", h.Text.T("ui.languages")).Body(
		app.Ul().Body(links...))
}

func (h *header) leave(ctx app.Context, e app.Event) { ctx.NewAction(actionLeave) }
