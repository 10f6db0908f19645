// Package lab is the page: go-app components, one per file. The root owns the
// session.
package lab

import (
	"regexp"

	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Register tells go-app which component stands at which path: /en/ and so on,
// below the prefix under which the site is served.
func Register() {
	for _, lang := range i18n.Languages {
		app.RouteWithRegexpFunc("^/"+regexp.QuoteMeta(lang)+"/(index.html)?$", func() app.Composer { return NewPage(lang) })
	}
}

// NewPage returns the root component in one of i18n.Languages.
func NewPage(lang string) *Page { return &Page{text: i18n.Load(lang)} }

// Page is the root component.
type Page struct {
	app.Compo
	text    i18n.Catalog
	pressed int
}

// OnMount tells the page around that the program can be used.
func (p *Page) OnMount(ctx app.Context) { MarkReady(ctx) }

func (p *Page) Render() app.UI {
	return app.Div().Class("page").Body(
		app.Header().Body(app.H1().Text(p.text.T("page.title"))),
		app.Main().Body(
			app.P().Text(p.text.T("demo.intro")),
			app.Button().ID("step").Class("btn").Type("button").OnClick(p.press).
				Text(p.text.T("demo.count", "n", p.pressed)),
		),
	)
}

func (p *Page) press(ctx app.Context, e app.Event) { p.pressed++ }
