// Bare is a go-app page with nothing on it: what every such page costs, for the
// bench to compare with. In the browser it is the page; natively it writes the
// site around it: bare DIR.
package main

import (
	"fmt"
	"os"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

type bare struct{ app.Compo }

func (b *bare) Render() app.UI { return app.H1().Text("Bare") }

func (b *bare) OnMount(app.Context) {
	if app.IsClient {
		app.Window().Get("performance").Call("mark", "playground:ready")
	}
}

func main() {
	app.Route("/", &bare{})
	app.RunWhenOnBrowser()
	if err := app.GenerateStaticWebsite(os.Args[1], &app.Handler{Name: "Bare", Icon: app.Icon{Default: "/none.png", SVG: "/none.svg"}}); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}
