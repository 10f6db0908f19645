package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// share gives the link to this session and this step away.
type share struct {
	app.Compo
	Text    i18n.Catalog
	Link    string // the whole address; empty where there is none
	Problem string // why there is none
	Typed   bool   // there are passwords of no scenario
	MadeUp  bool   // and the sender says that they are made up
	Ask     asking // for a short link; zero where the host keeps none
	copied  string // the link that was copied
	failed  bool   // the browser does not let it be copied
}

func (s *share) Render() app.UI {
	said := ""
	switch {
	case s.failed:
		said = s.Text.T("ui.share.select")
	case s.copied != "" && s.copied == s.Link:
		said = s.Text.T("ui.share.copied")
	}
	return dialog(s.Text, dialogShare, "ui.share",
		para("", s.Text.T("ui.share.text")),
		div("share-link", s.link()...),
		app.P().ID("share-said").Class("share-said").Role("status").Text(said),
		div("share-password", s.password()...),
		s.short(),
	)
}

// short offers a link that the host keeps.
func (s *share) short() app.UI {
	if s.Ask == (asking{}) {
		return nil
	}
	return &short{Text: s.Text, Ask: s.Ask}
}

func (s *share) link() []app.UI {
	if s.Problem != "" {
		return []app.UI{para("share-problem", s.Problem)}
	}
	return []app.UI{
		app.Input().ID("share-link").Class("mono").Type("text").ReadOnly(true).Value(s.Link).
			Aria("label", s.Text.T("ui.share.link")).OnFocus(s.mark),
		button("btn btn-copy").ID("share-copy").OnClick(s.copy).Text(s.Text.T("ui.share.copy")),
	}
}

// password says what becomes of a typed password.
func (s *share) password() []app.UI {
	if !s.Typed {
		return nil
	}
	return []app.UI{
		app.Label().Class("share-made-up").Body(
			app.Input().ID("share-made-up").Type("checkbox").Checked(s.MadeUp).OnChange(s.tick),
			span("", s.Text.T("ui.share.made-up")),
		),
		para("setting-hint", s.Text.T("ui.share.withheld")),
	}
}

func (s *share) tick(ctx app.Context, _ app.Event) {
	ctx.NewActionWithValue(actionMadeUp, ctx.JSSrc().Get("checked").Bool())
}

func (s *share) mark(ctx app.Context, _ app.Event) { ctx.JSSrc().Call("select") }

// copy puts the link onto the clipboard, or, where the browser does not let it,
// marks it for the reader to copy.
func (s *share) copy(ctx app.Context, _ app.Event) {
	link := s.Link
	toClipboard(ctx, link, func() { s.copied, s.failed = link, false }, func() {
		s.failed = true
		focus("share-link")
	})
}

// toClipboard puts a text onto the clipboard and then calls done, or failed
// where the browser does not let it.
func toClipboard(ctx app.Context, text string, done, failed func()) {
	clipboard := app.Window().Get("navigator").Get("clipboard")
	if !clipboard.Truthy() {
		failed()
		return
	}
	settled(ctx, clipboard.Call("writeText", text), func(app.Value) { done() }, failed)
}

// settled calls done with what a promise gives, or failed.
func settled(ctx app.Context, promise app.Value, done func(app.Value), failed func()) {
	var kept, broken app.Func
	release := func() { kept.Release(); broken.Release() }
	kept = app.FuncOf(func(_ app.Value, args []app.Value) any {
		ctx.Dispatch(func(app.Context) {
			release()
			if len(args) == 0 {
				args = []app.Value{app.Undefined()}
			}
			done(args[0])
		})
		return nil
	})
	broken = app.FuncOf(func(app.Value, []app.Value) any {
		ctx.Dispatch(func(app.Context) { release(); failed() })
		return nil
	})
	promise.Call("then", kept, broken)
}
