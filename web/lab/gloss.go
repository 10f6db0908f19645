package lab

import (
	"strconv"
	"strings"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A word is one of an entry's that can explain itself; words count from 1.
type word struct{ Entry, Number int }

// A hover says that a word is pointed at, or no longer.
type hover struct {
	word
	On bool
}

// A glossary puts the words of one entry on the page, each with what explains
// it. In the current entry Tab comes to them, but to equal ones once.
type glossary struct {
	*entry
	words int
	seen  map[string]bool
}

func (e *entry) glossary() *glossary { return &glossary{e, 0, map[string]bool{}} }

// line is a line with the explanations of its words, which stand below it.
func (g *glossary) line(all []view.Run) app.UI {
	elems, before := runs(all), g.words
	var notes []app.UI
	for i, r := range all {
		if sentences := g.sentences(r); len(sentences) > 0 {
			g.words++
			elems[i] = g.word(r, g.Current && !g.seen[r.Text])
			if g.Open == g.words || g.Current && !g.seen[r.Text] {
				notes = append(notes, g.note(sentences))
			}
			g.seen[r.Text] = true
		}
	}
	if g.words == before {
		return div("line", elems...)
	}
	return div("line-place", div("line", elems...), div("gloss-notes", notes...))
}

// sentences explain a run.
func (g *glossary) sentences(r view.Run) (all []string) {
	for _, id := range r.Gloss() {
		if g.Text.Has(string(id)) {
			all = append(all, g.Text.T(string(id)))
		}
	}
	return all
}

func (g *glossary) id() string {
	return "gloss-" + strconv.Itoa(g.Entry.Index) + "-" + strconv.Itoa(g.words)
}

func (g *glossary) word(r view.Run, tab bool) app.UI {
	class, text := "gloss-word run-"+string(r.Kind), strings.TrimRight(r.Text, " ")
	word := app.UI(span(class, text))
	if tab {
		word = button(class).Aria("describedby", g.id()).Text(text)
	}
	return app.Span().Class("gloss").DataSet("word", g.words).
		OnMouseEnter(g.point).OnMouseLeave(g.leave).OnClick(g.tap).On("focusin", g.point).On("focusout", g.blur).
		Body(word, span("", r.Text[len(text):]))
}

func (g *glossary) note(sentences []string) app.UI {
	var lines []app.UI
	for _, s := range sentences {
		lines = append(lines, span("gloss-line", s))
	}
	note := app.Div().ID(g.id()).Class("gloss-note").Role("tooltip").DataSet("word", g.words).
		OnMouseEnter(g.point).OnMouseLeave(g.leave).OnClick(g.tap)
	if g.Open != g.words {
		note.Hidden(true)
	}
	return note.Body(lines...)
}

func (e *entry) hover(ctx app.Context, on bool) {
	ctx.NewActionWithValue(actionHover, hover{word{e.Entry.Index, data(ctx, "word")}, on})
}

func (e *entry) point(ctx app.Context, _ app.Event) { e.hover(ctx, true) }

// tap explains the word and leaves the entry where it is.
func (e *entry) tap(ctx app.Context, event app.Event) {
	event.Call("stopPropagation")
	e.hover(ctx, true)
}

// leave ends an explanation that the focus does not hold.
func (e *entry) leave(ctx app.Context, _ app.Event) {
	holds := app.Window().Get("document").Call("querySelector", ".gloss:focus-within")
	if !holds.Truthy() || holds.Get("dataset").Get("word").String() != strconv.Itoa(data(ctx, "word")) {
		e.hover(ctx, false)
	}
}

// blur ends an explanation that the pointer does not hold.
func (e *entry) blur(ctx app.Context, _ app.Event) {
	if !ctx.JSSrc().Call("matches", ":hover").Bool() {
		e.hover(ctx, false)
	}
}
