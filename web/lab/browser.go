package lab

import (
	"net/url"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

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
	start := now()
	f()
	measure(name, start)
}

// now is the browser's clock in milliseconds.
func now() float64 {
	if app.IsServer {
		return 0
	}
	return app.Window().Get("performance").Call("now").Float()
}

func measure(name string, start float64) {
	if app.IsClient {
		app.Window().Get("performance").Call("measure", name, map[string]any{"start": start})
	}
}

func call(function string, args ...any) {
	if app.IsClient {
		app.Window().Call(function, args...)
	}
}

// fragment is what stands after the # of the page's address, decoded where it
// can be: some programs that pass links on write %40 for @.
func fragment() string {
	if app.IsServer {
		return ""
	}
	raw := strings.TrimPrefix(app.Window().Get("location").Get("hash").String(), "#")
	if text, err := url.PathUnescape(raw); err == nil {
		return text
	}
	return raw
}

// onFragment has f called when another fragment stands in the address.
func onFragment(f func()) {
	if app.IsClient {
		app.Window().AddEventListener("hashchange", func(app.Context, app.Event) { f() })
	}
}

// show scrolls an element into sight, no further than that takes; of one that
// is too tall for that, its beginning.
func show(id string) {
	if app.IsServer {
		return
	}
	e := app.Window().GetElementByID(id)
	if !e.Truthy() {
		return
	}
	inSight(e)
	if room := app.Window().Get("innerHeight").Int() / 4; e.Get("offsetHeight").Int() > room {
		top := e.Call("getBoundingClientRect").Get("top").Float()
		margin := app.Window().Call("parseFloat", app.Window().Call("getComputedStyle", e).Get("scrollMarginTop")).Float()
		if panel := e.Call("closest", ".panel"); panel.Truthy() {
			margin += max(0, panel.Call("getBoundingClientRect").Get("top").Float())
		}
		if top < margin-1 {
			e.Call("scrollIntoView", map[string]any{"block": "start", "inline": "nearest"})
		}
	}
}

// showCurrent scrolls the current step into sight, unless it is the first.
func showCurrent() {
	e := app.Window().Get("document").Call("querySelector", ".entry-current:not(:first-child)")
	if e.Truthy() {
		show(e.Get("id").String())
	}
}

// reveal scrolls what has got the focus wholly into sight. Browsers are content
// with a part of it, where a row scrolls sideways.
func reveal(ctx app.Context, _ app.Event) {
	inSight(ctx.JSSrc())
}

// showFocus scrolls what has the focus into sight, where the keyboard is used.
func showFocus() {
	if app.IsServer {
		return
	}
	if e := app.Window().Get("document").Get("activeElement"); e.Call("matches", ":focus-visible").Bool() {
		inSight(e)
	}
}

func inSight(e app.Value) {
	e.Call("scrollIntoView", map[string]any{"block": "nearest", "inline": "nearest"})
}

// matches tells whether a media query holds.
func matches(query string) bool {
	return app.IsClient && app.Window().Call("matchMedia", query).Get("matches").Bool()
}

// rewind scrolls an element's content to its beginning.
func rewind(id string) {
	if app.IsServer {
		return
	}
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Set("scrollTop", 0)
	}
}

// focus puts the keyboard's focus on an element.
func focus(id string) {
	if app.IsServer {
		return
	}
	if e := app.Window().GetElementByID(id); e.Truthy() {
		e.Call("focus")
	}
}

// storage calls the tab's own storage, which may be full.
func storage(method string, args ...any) string {
	return stored("sessionStorage", method, args...)
}

// stored calls a storage: where they are forbidden, the page has put its own in
// their place. A value that is not there is "".
func stored(in, method string, args ...any) (text string) {
	if app.IsServer {
		return ""
	}
	defer func() { recover() }() // it is full
	if v := app.Window().Get(in).Call(method, args...); v.Truthy() {
		return v.String()
	}
	return ""
}

// keysKey is under what it is kept that single keys are off.
const keysKey = "playground keys"

// keysKept tells whether single keys step: they do, until the reader switches
// them off, for this visit and later ones.
func keysKept() bool { return stored("localStorage", "getItem", keysKey) != "off" }

// keepKeys keeps the choice.
func keepKeys(on bool) {
	if on {
		stored("localStorage", "removeItem", keysKey)
	} else {
		stored("localStorage", "setItem", keysKey, "off")
	}
}
