package lab

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// tellPlace lets the page around ask for the fragment that leads back to this
// session and step, with playgroundPlace(), before it loads a new build.
func (p *Page) tellPlace() {
	if app.IsServer {
		return
	}
	app.Window().Set("playgroundPlace", app.FuncOf(func(app.Value, []app.Value) any {
		p.keep()
		return p.link.address.At(p.session.At())
	}))
}
