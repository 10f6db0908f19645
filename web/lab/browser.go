package lab

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// MarkReady says that the first step can be taken: it sets the performance mark
// playground:ready and the attribute data-ready on the html element, and takes
// the loader's line away. The root calls it once it is mounted.
func MarkReady(ctx app.Context) { call("playgroundReady") }

// Theme returns the theme that the reader has chosen: "light", "dark", or ""
// for the system's.
func Theme() string {
	if app.IsServer {
		return ""
	}
	return app.Window().Get("playgroundTheme").Invoke().String()
}

// SetTheme sets the theme, as Theme returns it, and keeps it for later visits.
func SetTheme(theme string) { call("playgroundTheme", theme) }

// Time runs f; in the browser it leaves a performance measure of that name, by
// which the bench tells our own time from the browser's.
func Time(name string, f func()) {
	if app.IsServer {
		f()
		return
	}
	perf := app.Window().Get("performance")
	start := perf.Call("now").Float()
	f()
	perf.Call("measure", name, map[string]any{"start": start})
}

func call(function string, args ...any) {
	if app.IsClient {
		app.Window().Call(function, args...)
	}
}
