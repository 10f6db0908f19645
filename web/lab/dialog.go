package lab

import (
	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// The dialogs of the page. Of one that is not open nothing is rendered.
const (
	dialogDrawer  = "drawer"
	dialogCompare = "compare"
	dialogShare   = "share"
	dialogHelp    = "help"
	dialogActs    = "acts"
)

// dialog is a window over the page. The browser keeps the focus inside, brings
// it back afterwards and closes with Escape; a click beside it closes too.
func dialog(text i18n.Catalog, name, title string, body ...app.UI) app.UI {
	return app.Dialog().ID(name).Class("dialog dialog-"+name).Aria("labelledby", name+"-title").
		On("close", dialogClosed).OnClick(clickedBeside).Body(
		div("dialog-head",
			app.H2().ID(name+"-title").Text(text.T(title)),
			button("btn dialog-close").ID(name+"-close").OnClick(closeDialog).Text(text.T("ui.close")),
		),
		div("dialog-body", body...),
	)
}

func dialogClosed(ctx app.Context, _ app.Event) { ctx.NewAction(actionClosed) }

func closeDialog(ctx app.Context, _ app.Event) { ctx.JSSrc().Call("closest", "dialog").Call("close") }

// clickedBeside closes the dialog when the click is on nothing within it.
func clickedBeside(ctx app.Context, e app.Event) {
	if e.Get("target").Equal(ctx.JSSrc()) {
		ctx.JSSrc().Call("close")
	}
}

// opener is a button that opens a dialog.
func opener(name, sign, text string) app.HTMLButton {
	return button("btn opener opener-"+name).ID("open-"+name).DataSet("dialog", name).
		Aria("haspopup", "dialog").OnClick(openDialog).Body(icon(sign), span("opener-name", text))
}

func openDialog(ctx app.Context, _ app.Event) {
	ctx.NewActionWithValue(actionOpen, ctx.JSSrc().Get("dataset").Get("dialog").String())
}

// showDialog makes the dialog that was rendered a modal one.
func showDialog(name string) {
	if app.IsServer {
		return
	}
	if d := app.Window().GetElementByID(name); d.Truthy() && !d.Get("open").Bool() {
		d.Call("showModal")
	}
}
