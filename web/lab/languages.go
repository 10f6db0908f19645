package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// own is what a language calls itself.
var own = map[string]string{"en": "English", "zh": "中文", "ru": "Русский"}

// languages links to the same place in the other languages.
type languages struct {
	app.Compo
	Here, Label string
	Place       string // fragment for the page in another language
}

func (l *languages) Render() app.UI {
	var links []app.UI
	for _, lang := range i18n.Languages {
		if lang == l.Here {
			links = append(links, app.Li().Body(
				app.Span().Class("language language-here").Aria("current", "true").Text(own[lang])))
			continue
		}
		links = append(links, app.Li().Body(
			app.A().Class("language").Href("../"+lang+"/#"+l.Place).Lang(lang).Attr("hreflang", lang).
				OnClick(l.leave).Text(own[lang])))
	}
	return app.Nav().Class("languages").Aria("label", l.Label).Body(
		app.Ul().Body(links...))
}

func (l *languages) leave(ctx app.Context, e app.Event) { ctx.NewAction(actionLeave) }
