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
	)
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
	clipboard := app.Window().Get("navigator").Get("clipboard")
	if !clipboard.Truthy() {
		s.byHand()
		return
	}
	link := s.Link
	var done, failed app.Func
	release := func() { done.Release(); failed.Release() }
	done = app.FuncOf(func(app.Value, []app.Value) any {
		ctx.Dispatch(func(app.Context) { s.copied, s.failed = link, false; release() })
		return nil
	})
	failed = app.FuncOf(func(app.Value, []app.Value) any {
		ctx.Dispatch(func(app.Context) { s.byHand(); release() })
		return nil
	})
	clipboard.Call("writeText", link).Call("then", done, failed)
}

// byHand leaves the copying to the reader.
func (s *share) byHand() {
	s.failed = true
	focus("share-link")
}
