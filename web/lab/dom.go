package lab

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// button is a button that does nothing yet.
func button(class string) app.HTMLButton { return app.Button().Type("button").Class(class) }

// off marks a button that can do nothing now. It keeps the focus.
func off(b app.HTMLButton, is bool) app.HTMLButton {
	if is {
		b.Aria("disabled", true)
	}
	return b
}

// data reads a data attribute, as a number, of the element that was acted on: handlers must
// not close over what differs from row to row.
func data(ctx app.Context, name string) int {
	n, err := strconv.Atoi(ctx.JSSrc().Get("dataset").Get(name).String())
	if err != nil {
		return 0
	}
	return n
}

// hidden is text for those who hear the page.
func hidden(text string) app.UI { return app.Span().Class("visually-hidden").Text(text) }

// icon is a picture drawn by the style sheet.
func icon(name string) app.UI { return app.Span().Class("icon icon-"+name).Aria("hidden", true) }

// Elements by class: the shape of most of the page.
func div(class string, body ...app.UI) app.HTMLDiv { return app.Div().Class(class).Body(body...) }

func para(class, text string) app.HTMLP { return app.P().Class(class).Text(text) }

func span(class, text string) app.HTMLSpan { return app.Span().Class(class).Text(text) }
