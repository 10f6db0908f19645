//go:build !js

package lab

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A tester drives a page as its parts do.
type tester struct {
	*testing.T
	page *Page
	app.ClientDispatcher
}

func open(t *testing.T, lang string) *tester {
	t.Helper()
	p := NewPage(lang)
	d := app.NewClientTester(p)
	t.Cleanup(d.Close)
	d.Consume()
	return &tester{t, p, d}
}

// do lets something happen on the page's own goroutine and waits for what
// follows.
func (t *tester) do(f func(app.Context)) {
	t.Dispatch(app.Dispatch{Mode: app.Update, Source: t.page, Function: f})
	t.Consume()
}

func (t *tester) act(name string, value any) {
	t.do(func(ctx app.Context) { ctx.NewActionWithValue(name, value) })
}

func (t *tester) html() string { return tidy(t.T, app.HTMLString(t.page)) }

// shows fails unless the page holds all of the texts.
func (t *tester) shows(texts ...string) {
	t.Helper()
	page := t.html()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("at step %d the page does not show %q", t.page.session.At()+1, text)
		}
	}
}

func (t *tester) lacks(texts ...string) {
	t.Helper()
	page := t.html()
	for _, text := range texts {
		if strings.Contains(page, text) {
			t.Errorf("at step %d the page shows %q", t.page.session.At()+1, text)
		}
	}
}

// What the site is prerendered with is what the program shows first, and it is
// the same each time.
func TestFirstSight(t *testing.T) {
	for _, lang := range i18n.Languages {
		a, b := open(t, lang), open(t, lang)
		if a.html() != b.html() {
			t.Errorf("%s: %s", lang, difference(a.html(), b.html()))
		}
		prerendered := NewPage(lang)
		d := app.NewServerTester(prerendered)
		defer d.Close()
		if got := tidy(t, app.HTMLString(prerendered)); got != a.html() {
			t.Errorf("%s: prerendered differently: %s", lang, difference(got, a.html()))
		}
		a.shows(`data-frame="0"`, `aria-current="step"`, `id="step"`, "220", "REP-09", a.page.text.T("ui.intro"))
		a.lacks(`data-frame="1"`, `id="cards"`)
	}
}

func TestSteps(t *testing.T) {
	p := open(t, "en")
	p.act(actionStep, nil)
	p.shows(`data-frame="1"`, ">EHLO\n")
	p.lacks(`data-frame="2"`, "A real mail client")
	for range 9 {
		p.act(actionStep, nil)
	}
	p.shows("Step 11 of 24. Client:", "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw", "tim b913a602c7eda7a495b4e6e7334d3890", ">CRM-03\n")
	p.act(actionBack, nil)
	p.shows(`data-frame="9"`)
	p.lacks(`data-frame="10"`)
	p.act(actionJump, 23)
	p.shows("tim was authenticated, and the server has accepted the message.", `aria-disabled="true"`)
	p.act(actionStep, nil)
	p.shows(`data-frame="23"`)
	p.act(actionRestart, nil)
	p.shows("A real mail client")
}

// An edit runs the session again and stays at the same step.
func TestEdit(t *testing.T) {
	p := open(t, "en")
	p.act(actionJump, 11)
	p.shows("outcome-right")
	before := p.page.session
	p.act(actionEdit, edit{view.Password, "tanstaaftanstaaF"})
	if at := p.page.session.At(); at != 11 || p.page.session == before {
		t.Errorf("after the edit: step %d, another session %v", at+1, p.page.session != before)
	}
	p.shows("outcome-wrong", "<mark>", ">changed\n")
	p.act(actionStep, nil)
	p.shows(">535\n")
	p.act(actionEdit, edit{view.Password, "tanstaaftanstaaf"})
	p.shows(">235\n")
}

// Where a session does not go as far any more, the cursor stands at its end, and
// the page says so.
func TestEditThatEndsSooner(t *testing.T) {
	p := open(t, "en")
	p.act(actionJump, 20)
	p.act(actionEdit, edit{view.Mechanism, scenario.Unknown})
	if at, last := p.page.session.At(), len(p.page.story.Entries)-1; at != last || last >= 20 {
		t.Errorf("at %d of %d", at, last)
	}
	p.shows("With this change the session ends at step", `<p class="bar-note" id="note">With`)
	p.act(actionBack, nil)
	p.lacks("With this change")
}

// The whole of every scenario can be stepped through, in every language.
func TestEveryScenario(t *testing.T) {
	for _, lang := range i18n.Languages {
		p := open(t, lang)
		for _, s := range scenario.All {
			p.act(actionChoose, s.ID)
			p.shows(p.page.text.T("scenario." + s.ID + ".title"))
			for at := range p.page.story.Entries {
				if p.page.session.At() != at {
					t.Fatalf("%s: at %d, want %d", s.ID, p.page.session.At(), at)
				}
				p.act(actionStep, nil)
			}
			page := p.html()
			for _, code := range s.Codes {
				if !strings.Contains(page, ">"+codeText(code)) {
					t.Errorf("%s does not show %d", s.ID, code)
				}
			}
			for _, unfilled := range []string{">ui.", ">op.", ">label.", ">rule.", "{n}", "{who}"} {
				if strings.Contains(page, unfilled) {
					t.Errorf("%s, %s: %q stands on the page", lang, s.ID, unfilled)
				}
			}
		}
	}
}

func codeText(code int) string { return strconv.Itoa(code) }

// Running steps to the end; a pause, or any step of the reader's, ends it.
func TestRunAndPause(t *testing.T) {
	defer func(usual time.Duration) { pace = usual }(pace)
	pace = time.Millisecond
	p := open(t, "en")
	p.act(actionRun, nil)
	if at, last := p.page.session.At(), len(p.page.story.Entries)-1; at != last || p.page.running() {
		t.Errorf("ran to %d of %d, runs on: %v", at, last, p.page.running())
	}
	for name, pause := range map[string]func(app.Context){
		"pause": p.page.toggle,
		"back":  func(ctx app.Context) { p.page.press(ctx, "ArrowLeft") },
	} {
		p.do(func(ctx app.Context) {
			p.page.seek(ctx, 3)
			p.page.toggle(ctx)
			if !p.page.running() {
				t.Error("does not run")
			}
			pause(ctx)
		})
		if p.page.running() || p.page.session.At() > 3 {
			t.Errorf("%s: runs on, to %d", name, p.page.session.At())
		}
	}
}
