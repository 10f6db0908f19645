package lab

import (
	"slices"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// keys lets the keyboard step, wherever the focus is, but where a key has its
// own use. Escape takes away what has opened by itself.
func keys(p *Page) {
	if app.IsServer {
		return
	}
	app.Window().AddEventListener("keydown", func(ctx app.Context, e app.Event) {
		key, target := e.Get("key").String(), e.Get("target")
		if key == "Escape" {
			ctx.NewAction(actionDismiss)
		}
		if !p.keys || e.Get("defaultPrevented").Bool() || e.Get("ctrlKey").Bool() || e.Get("altKey").Bool() || e.Get("metaKey").Bool() {
			return
		}
		if !slices.Contains(stepKeys, key) || ownUse(key, target) {
			return
		}
		e.PreventDefault()
		p.press(ctx, key)
	})
}

var stepKeys = []string{"ArrowRight", "ArrowLeft", " ", "Home", "End", "r", "R", "?"}

// ownUse tells whether an element does something of its own with a key. In a
// dialog nothing steps.
func ownUse(key string, target app.Value) bool {
	switch target.Get("tagName").String() {
	case "INPUT", "SELECT", "TEXTAREA":
		return true
	case "BUTTON", "SUMMARY", "A":
		if key == " " {
			return true
		}
	}
	return target.Get("closest").Truthy() && target.Call("closest", "dialog").Truthy()
}

// press does what a key is for.
func (p *Page) press(ctx app.Context, key string) {
	at, last := p.session.At(), len(p.story.Entries)-1
	switch key {
	case "r", "R":
		p.toggle(ctx)
		return
	case "?":
		p.open(ctx, dialogHelp)
		return
	}
	p.pause()
	p.seek(ctx, map[string]int{"ArrowRight": at + 1, " ": at + 1, "ArrowLeft": at - 1, "Home": 0, "End": last}[key])
}
