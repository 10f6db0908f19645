package lab

import (
	"fmt"
	"strings"

	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// An asking is what the host is asked to keep.
type asking struct {
	Body   string // the JSON form of the session
	Lang   string
	At     int // step, from 1
	MadeUp bool
}

// keepsLinks tells whether the host keeps links: the page was built for one.
func keepsLinks() bool {
	return app.IsClient && app.Window().Get("document").Get("documentElement").Call("hasAttribute", "data-api").Bool()
}

// short makes a short link when the reader asks for it. Before that nothing
// leaves the page.
type short struct {
	app.Compo
	Text  i18n.Catalog
	Ask   asking
	asked asking      // what was asked for last
	link  string      // and what was answered; empty where nothing was
	said  string      // id of a sentence
	ctx   app.Context // its own: that of a button ends with the button
}

func (s *short) OnMount(ctx app.Context) { s.ctx = ctx }

func (s *short) Render() app.UI {
	link, said := s.link, s.said
	if s.asked != s.Ask { // the session or the passwords are others now
		link, said = "", ""
	}
	body := button("btn").ID("short-make").OnClick(s.make).Text(s.Text.T("ui.short.make"))
	parts := []app.UI{para("", s.Text.T("ui.short.text")), div("share-link", body)}
	if link != "" {
		parts = []app.UI{para("", s.Text.T("ui.short.kept")), div("share-link",
			app.Input().ID("short-link").Class("mono").Type("text").ReadOnly(true).Value(link).
				Aria("label", s.Text.T("ui.short.link")).OnFocus(s.mark),
			button("btn btn-copy").ID("short-copy").OnClick(s.copy).Text(s.Text.T("ui.share.copy")))}
	}
	if said != "" {
		said = s.Text.T(said)
	}
	return div("share-short", append(parts,
		app.P().ID("short-said").Class("share-said").Role("status").Text(said))...)
}

func (s *short) mark(ctx app.Context, _ app.Event) { ctx.JSSrc().Call("select") }

func (s *short) make(app.Context, app.Event) {
	ctx, ask := s.ctx, s.Ask
	s.asked, s.link, s.said = ask, "", "ui.short.asking"
	failed := func() { s.said = "ui.short.failed" }
	address := fmt.Sprintf("/api/links?lang=%s&at=%d", ask.Lang, ask.At)
	if ask.MadeUp {
		address += "&made-up=yes"
	}
	response := app.Window().Call("fetch", address, map[string]any{
		"method": "POST", "headers": map[string]any{"Content-Type": "application/json"}, "body": ask.Body,
	})
	settled(ctx, response, func(response app.Value) {
		switch status := response.Get("status").Int(); status {
		case 201:
			settled(ctx, response.Call("json"), func(answer app.Value) {
				if link := whole(answer.Get("address").String()); link != "" {
					s.link, s.said = link, ""
					ctx.Defer(func(app.Context) { focus("short-link") })
				} else {
					failed()
				}
			}, failed)
		case 429:
			s.said = "ui.short.often"
		default:
			failed()
		}
	}, failed)
}

// whole is the address of a short link in full; what is none of this site is
// empty.
func whole(address string) string {
	here := app.Window().URL()
	link, err := here.Parse(address)
	if err != nil || link.Host != here.Host || !strings.HasPrefix(link.Path, "/s/") {
		return ""
	}
	return link.String()
}

func (s *short) copy(ctx app.Context, _ app.Event) {
	toClipboard(ctx, s.link, func() { s.said = "ui.share.copied" }, func() {
		s.said = "ui.share.select"
		focus("short-link")
	})
}
