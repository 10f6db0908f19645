package lab

import (
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// open opens a dialog once it is rendered.
func (p *Page) open(ctx app.Context, name string) {
	p.pause()
	p.dialog = name
	if name == dialogActs {
		p.fetch(ctx)
	}
	ctx.Defer(func(app.Context) { showDialog(name) })
}

// opened is the dialog that is open.
func (p *Page) opened(at int) app.UI {
	switch p.dialog {
	case dialogDrawer:
		return &drawer{Text: p.text, Sections: view.Drawer(p.session.Setup()), Fault: p.fault, Note: p.note, Conceal: p.conceals(at)}
	case dialogCompare:
		return &compare{Text: p.text, Groups: view.Compare(view.Runs(p.session.Setup()))}
	case dialogShare:
		return p.share(at)
	case dialogActs:
		return p.imitate()
	case dialogHelp:
		return &help{Text: p.text, Keys: p.keys}
	}
	return nil
}

// closed puts the focus back where the dialog was opened from, if the browser
// could not: the menu may have been folded meanwhile.
func (p *Page) closed(ctx app.Context) {
	name := p.dialog
	p.dialog = ""
	ctx.Defer(func(app.Context) {
		if app.IsServer {
			return
		}
		document := app.Window().Get("document")
		if document.Get("activeElement").Equal(document.Get("body")) {
			focus("menu")
			focus("open-" + name)
		}
		showFocus() // what was changed may have scrolled the page
	})
}
