package lab

import (
	"slices"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// keys lets the keyboard step, wherever the focus is, but where a key has its
// own use.
func keys(p *Page) {
	if app.IsServer {
		return
	}
	app.Window().AddEventListener("keydown", func(ctx app.Context, e app.Event) {
		if e.Get("defaultPrevented").Bool() || e.Get("ctrlKey").Bool() || e.Get("altKey").Bool() || e.Get("metaKey").Bool() {
			return
		}
		key, tag := e.Get("key").String(), e.Get("target").Get("tagName").String()
		if !slices.Contains(stepKeys, key) || ownUse(key, tag) {
			return
		}
		e.PreventDefault()
		p.press(ctx, key)
	})
}

var stepKeys = []string{"ArrowRight", "ArrowLeft", " ", "Home", "End", "r", "R"}

// ownUse tells whether an element does something of its own with a key.
func ownUse(key, tag string) bool {
	switch tag {
	case "INPUT", "SELECT", "TEXTAREA":
		return true
	case "BUTTON", "SUMMARY", "A":
		return key == " "
	}
	return false
}

// press does what a key is for.
func (p *Page) press(ctx app.Context, key string) {
	at, last := p.session.At(), len(p.story.Entries)-1
	if key == "r" || key == "R" {
		p.toggle(ctx)
		return
	}
	p.pause()
	p.seek(ctx, map[string]int{"ArrowRight": at + 1, " ": at + 1, "ArrowLeft": at - 1, "Home": 0, "End": last}[key])
}
