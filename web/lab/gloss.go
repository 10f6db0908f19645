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

// line is a line, and below it what explains the one of its words that
// explains itself now.
func (g *glossary) line(all []view.Run) app.UI {
	var elems []app.UI
	var note app.UI
	before := g.words
	for _, r := range all {
		sentences := g.sentences(r)
		switch {
		case len(sentences) > 0:
			g.words++
			elems = append(elems, g.word(r, sentences)...)
			if g.Open == g.words {
				note = g.note(sentences)
			}
		case r.Kind == view.Base64:
			elems = append(elems, tracked(span("run-base64", r.Text), g.Entry.Spelled))
		default:
			elems = append(elems, runs([]view.Run{r})...)
		}
	}
	if g.words == before {
		return div("line", elems...)
	}
	return div("line-place", div("line", elems...), note)
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

// word is a word that can explain itself, and the spaces behind it.
func (g *glossary) word(r view.Run, sentences []string) []app.UI {
	class, text := "gloss run-"+string(r.Kind), strings.TrimRight(r.Text, " ")
	word := app.UI(app.Span().Class(class).DataSet("word", g.words).Text(text))
	if g.Current && !g.seen[r.Text] {
		word = button(class).DataSet("word", g.words).Aria("description", strings.Join(sentences, " ")).Text(text)
	}
	g.seen[r.Text] = true
	if len(text) == len(r.Text) {
		return []app.UI{word}
	}
	return []app.UI{word, span("", r.Text[len(text):])}
}

// note is for the eye: a word has its description with it.
func (g *glossary) note(sentences []string) app.UI {
	var lines []app.UI
	for _, s := range sentences {
		lines = append(lines, span("gloss-line", s))
	}
	return div("gloss-note", lines...).DataSet("word", g.words).Role("tooltip")
}

// A pointer tells the root which word is pointed at, has the focus or was
// tapped. It listens to the whole page: a listener for each word would take
// longer to make than the word.
type pointer struct {
	ctx        app.Context
	over, held word // by the pointer, by the focus; Number 0: none
}

func (p *pointer) listen(ctx app.Context) {
	p.ctx = ctx
	on := func(event, target string, f func(word)) {
		app.Window().Get("document").Call("addEventListener", event, app.FuncOf(func(_ app.Value, args []app.Value) any {
			f(wordAt(args[0].Get(target)))
			return nil
		}))
	}
	over, held := func(to word) { p.move(&p.over, to) }, func(to word) { p.move(&p.held, to) }
	on("pointerover", "target", over)
	on("pointerout", "relatedTarget", over)
	on("focusin", "target", held)
	on("focusout", "relatedTarget", held)
	on("click", "target", func(at word) { // again, after Escape
		if at.Number > 0 {
			ctx.NewActionWithValue(actionHover, hover{at, true})
		}
	})
}

// move takes the pointer or the focus to another word, or to none. What the
// other one of the two still holds goes on explaining itself.
func (p *pointer) move(at *word, to word) {
	from := *at
	if from == to {
		return
	}
	*at = to
	if from.Number > 0 && p.over != from && p.held != from {
		p.ctx.NewActionWithValue(actionHover, hover{from, false})
	}
	if to.Number > 0 {
		p.ctx.NewActionWithValue(actionHover, hover{to, true})
	}
}

// wordAt is the word, or the word explained, that an element belongs to.
func wordAt(elem app.Value) word {
	if !elem.Truthy() || !elem.Get("closest").Truthy() {
		return word{}
	}
	found := elem.Call("closest", "[data-word]")
	if !found.Truthy() {
		return word{}
	}
	number := func(e app.Value, name string) int {
		n, _ := strconv.Atoi(e.Get("dataset").Get(name).String())
		return n
	}
	return word{number(found.Call("closest", "[data-frame]"), "frame"), number(found, "word")}
}
