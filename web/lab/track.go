package lab

import (
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// tracked marks an element as one that shows a value of a track.
func tracked[T interface{ DataSet(string, any) T }](elem T, t view.Track) T {
	if text := t.String(); text != "" {
		return elem.DataSet("track", text)
	}
	return elem
}

// A light shines on what a value was made of and on what was made of it, while
// it is pointed at, has the focus or was tapped. It changes nothing but classes
// of elements, past go-app: nothing is rendered for it.
type light struct {
	pointed app.Value
	lit     []app.Value
	turns   int // how often it went to another value, or off
}

// The classes: of the value itself, of what it comes from, of where it goes.
const (
	litHere = "lit-here"
	litFrom = "lit-from"
	litTo   = "lit-to"
)

// listen follows pointer and focus, over the whole page.
func (l *light) listen() {
	if app.IsServer {
		return
	}
	on := func(event string, f func(target app.Value)) {
		app.Window().Get("document").Call("addEventListener", event, app.FuncOf(func(_ app.Value, args []app.Value) any {
			f(args[0].Get("target"))
			return nil
		}))
	}
	on("pointerover", l.point)
	on("focusin", l.point)
	on("focusout", func(app.Value) { l.off() }) // maybe nothing has the focus now
	on("click", func(target app.Value) {        // what was tapped may be rendered anew
		turns := l.turns
		var again app.Func
		again = app.FuncOf(func(app.Value, []app.Value) any {
			again.Release()
			if l.turns == turns { // and nothing else was pointed at since
				l.off()
				l.point(target)
			}
			return nil
		})
		app.Window().Call("setTimeout", again, 60)
	})
}

// point shines for the value that an element, or the nearest around it, shows;
// away from all values the light goes off.
func (l *light) point(target app.Value) {
	if !target.Truthy() || !target.Get("closest").Truthy() {
		return
	}
	pointed := target.Call("closest", "[data-track]")
	if !pointed.Truthy() {
		l.off()
		return
	}
	if l.pointed != nil && l.pointed.Equal(pointed) {
		return
	}
	l.off()
	l.pointed = pointed
	l.shine(pointed, litHere)
	track := trackOf(pointed)
	all := app.Window().Get("document").Call("querySelectorAll", "[data-track]")
	for i := range all.Length() {
		other := all.Index(i)
		if other.Equal(pointed) {
			continue
		}
		if from, to := track.Relate(trackOf(other)); from {
			l.shine(other, litFrom)
		} else if to {
			l.shine(other, litTo)
		}
	}
}

func trackOf(elem app.Value) view.Track {
	return view.ParseTrack(elem.Get("dataset").Get("track").String())
}

func (l *light) shine(elem app.Value, class string) {
	elem.Get("classList").Call("add", class)
	l.lit = append(l.lit, elem)
}

// off puts everything back as it was.
func (l *light) off() {
	for _, elem := range l.lit {
		elem.Get("classList").Call("remove", litHere, litFrom, litTo)
	}
	l.pointed, l.lit = nil, nil
	l.turns++
}
