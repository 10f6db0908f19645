package lab

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// glossStays is how long an explanation stays for the pointer to come to it.
const glossStays = 300 * time.Millisecond

// An explained word is the one of the conversation that explains itself now, if
// any does. It stays until the pointer and the focus have left it and its
// explanation, or Escape is pressed (WCAG 2.2, 1.4.13).
type explained struct {
	word
	turn int // counts changes, so that a late leaving closes nothing new
	pointer
}

func (x *explained) listen(ctx app.Context) {
	if app.IsClient {
		x.pointer.listen(ctx)
	}
	ctx.Handle(actionHover, func(ctx app.Context, a app.Action) { x.hover(ctx, a.Value.(hover)) })
	ctx.Handle(actionDismiss, func(app.Context, app.Action) { x.word = word{} })
}

func (x *explained) hover(ctx app.Context, h hover) {
	if h.On {
		x.word, x.turn = h.word, x.turn+1
		return
	}
	if x.word != h.word {
		return
	}
	x.turn++
	turn := x.turn
	ctx.After(glossStays, func(app.Context) {
		if x.turn == turn {
			x.word = word{}
		}
	})
}

// in is the number of the word that is explained in an entry; 0: none.
func (x *explained) in(entry int) int {
	if x.Entry != entry {
		return 0
	}
	return x.Number
}
