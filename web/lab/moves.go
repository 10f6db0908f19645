package lab

import (
	"time"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// pace is how long a step stands while the session runs by itself, at the
// normal pace.
var pace = 1200 * time.Millisecond

// listen registers what the parts of the page may ask for.
func (p *Page) listen(ctx app.Context) {
	ctx.Handle(actionStep, func(ctx app.Context, _ app.Action) { p.pause(); p.seek(ctx, p.session.At()+1) })
	ctx.Handle(actionBack, func(ctx app.Context, _ app.Action) { p.pause(); p.seek(ctx, p.session.At()-1) })
	ctx.Handle(actionRestart, func(ctx app.Context, _ app.Action) { p.pause(); p.seek(ctx, 0) })
	ctx.Handle(actionJump, func(ctx app.Context, a app.Action) { p.pause(); p.seek(ctx, a.Value.(int)) })
	ctx.Handle(actionRun, func(ctx app.Context, _ app.Action) { p.toggle(ctx) })
	ctx.Handle(actionChoose, func(ctx app.Context, a app.Action) { p.choose(ctx, a.Value.(string)) })
	ctx.Handle(actionLead, func(ctx app.Context, a app.Action) { p.lead(ctx, a.Value.(view.Place)) })
	ctx.Handle(actionTry, func(ctx app.Context, a app.Action) { p.try(ctx, a.Value.(string)) })
	ctx.Handle(actionEdit, func(ctx app.Context, a app.Action) { p.change(ctx, a.Value.(edit)) })
	ctx.Handle(actionAct, func(ctx app.Context, a app.Action) { p.behave(ctx, a.Value.(act)) })
	ctx.Handle(actionActs, func(_ app.Context, a app.Action) { p.tabOfPrograms = a.Value.(string) })
	ctx.Handle(actionMeet, func(ctx app.Context, a app.Action) { p.meet(ctx, a.Value.(meeting)) })
	ctx.Handle(actionPair, func(ctx app.Context, a app.Action) { p.cross(ctx, a.Value.(couple)) })
	ctx.Handle(actionLook, func(ctx app.Context, a app.Action) { p.look(ctx, a.Value.(view.Vantage)) })
	ctx.Handle(actionTab, func(_ app.Context, a app.Action) { p.tab = a.Value.(string) })
	ctx.Handle(actionSwap, func(ctx app.Context, _ app.Action) { p.swap(ctx) })
	ctx.Handle(actionWay, func(ctx app.Context, a app.Action) { p.goOn(ctx, a.Value.(view.Way)) })
	ctx.Handle(actionLeave, func(app.Context, app.Action) { p.keep() })
	ctx.Handle(actionOpen, func(ctx app.Context, a app.Action) { p.open(ctx, a.Value.(string)) })
	ctx.Handle(actionClosed, func(ctx app.Context, _ app.Action) { p.closed(ctx) })
	ctx.Handle(actionMadeUp, func(_ app.Context, a app.Action) { p.link.madeUp = a.Value.(bool) })
	ctx.Handle(actionKeys, func(_ app.Context, a app.Action) { p.keys = a.Value.(bool); keepKeys(p.keys) })
	ctx.Handle(actionPace, func(_ app.Context, a app.Action) { p.pace = a.Value.(string) })
	ctx.Handle(actionHeard, func(app.Context, app.Action) { p.link.notice = view.Words{} })
	keys(p)
	onFragment(func() { p.goTo(ctx) })
}

// seek moves the cursor.
func (p *Page) seek(ctx app.Context, at int) {
	p.watch.start()
	p.session.Jump(at)
	p.note = view.Words{}
	p.moved(ctx)
}

// moved tells of the place and brings it into sight, once it is rendered.
func (p *Page) moved(ctx app.Context) {
	p.live = say(p.text, p.heard(p.session.At()))
	p.watch.stop()
	p.light.off()
	p.needs(ctx)
	ctx.Defer(func(app.Context) {
		p.watch.measure("playground:step") // what follows makes the browser lay the page out
		if matches(low) {
			show("stage")
		}
		showEnding()
		rewind("inspector")
		show(entryID(p.session.At()))
	})
}

// low is a window in which the columns are below the bar only once the page is
// scrolled to them, as layout.css has it.
const low = "(min-width: 43.75em) and (max-height: 39.99em)"

func (p *Page) running() bool { return p.run%2 == 1 }

func (p *Page) pause() { p.run += p.run % 2 }

// toggle runs the session to its end, a step at a time, or pauses it.
func (p *Page) toggle(ctx app.Context) {
	if p.running() {
		p.pause()
		return
	}
	if p.session.At()+1 == len(p.story.Entries) {
		p.seek(ctx, 0)
	}
	p.run++
	p.tick(ctx, p.run)
}

// tick takes a step after a while, unless somebody has paused.
func (p *Page) tick(ctx app.Context, run int) {
	ctx.After(p.stands(), func(ctx app.Context) {
		if p.run != run {
			return
		}
		p.seek(ctx, p.session.At()+1)
		if p.session.At()+1 == len(p.story.Entries) {
			p.pause()
			return
		}
		p.tick(ctx, run)
	})
}

// choose goes to the beginning of a scenario.
func (p *Page) choose(ctx app.Context, id string) {
	if _, known := scenario.ByID(id); !known {
		return
	}
	p.pause()
	p.follow(id)
	p.moved(ctx)
}

// try goes to the scenario of a mechanism, or puts the mechanism into the
// default one.
func (p *Page) try(ctx app.Context, mechanism string) {
	sc, shows := scenario.Of(mechanism)
	p.choose(ctx, sc.ID)
	if !shows {
		p.change(ctx, edit{view.Mechanism, mechanism})
	}
}

// change re-runs the session with another value in its set-up and stays at the
// same step, or at the last one, where it does not go that far any more. A value
// that cannot be used changes nothing.
func (p *Page) change(ctx app.Context, e edit) {
	before := p.session.Setup()
	setup := before
	view.Change(&setup, e.Slot, e.Value)
	p.rerun(ctx, setup, e.Slot, view.Beside(before, setup, e.Slot))
}

// rerun is what follows a change of the set-up at a slot; beside says what has
// changed with it.
func (p *Page) rerun(ctx app.Context, setup session.Setup, slot view.Slot, beside view.Words) {
	p.pause()
	at := p.session.At()
	p.note, p.fault = view.Words{}, fault{}
	wrong := view.Check(setup)
	Time("playground:edit", func() {
		if wrong.ID == "" {
			wrong = view.Trouble(p.make(setup, at))
		}
	})
	if wrong.ID != "" {
		p.note, p.fault = wrong, fault{slot, wrong}
		p.live = say(p.text, wrong)
		return
	}
	if view.Protects(slot) {
		p.other = nil
	}
	p.settle()
	p.note = beside
	if last := p.session.At(); last < at {
		p.note = view.Joined(view.Words{ID: "ui.note.shorter", Args: []any{"n", last + 1}}, beside)
	}
	p.moved(ctx)
	if p.note.ID != "" {
		p.live = say(p.text, p.note) + " " + p.live
	}
}
