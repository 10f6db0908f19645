package lab

import (
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// open opens a dialog once it is rendered.
func (p *Page) open(ctx app.Context, name string) {
	p.pause()
	p.dialog = name
	ctx.Defer(func(app.Context) { showDialog(name) })
}

// opened is the dialog that is open.
func (p *Page) opened(at int) app.UI {
	switch p.dialog {
	case dialogDrawer:
		return &drawer{Text: p.text, Sections: view.Drawer(p.session.Setup()), Fault: p.fault, Note: p.note, Conceal: p.conceals(at)}
	case dialogShare:
		return p.share(at)
	case dialogHelp:
		return &help{Text: p.text, Keys: p.keys}
	}
	return nil
}
