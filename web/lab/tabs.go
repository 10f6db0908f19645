package lab

import (
	"slices"

	"example.org/smtpauth/web/i18n"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// The tabs of the inspector, in their order. Of those that are not open nothing
// is rendered, nor made.
const (
	tabMade   = "made"
	tabOctets = "octets"
	tabKnows  = "knows"
	tabRule   = "rule"
	tabStates = "states"
)

var tabNames = []string{tabMade, tabOctets, tabKnows, tabRule, tabStates}

// tabs chooses what the inspector shows of a step.
type tabs struct {
	app.Compo
	Text i18n.Catalog
	Open string
}

func (t *tabs) Render() app.UI {
	all := make([]app.UI, len(tabNames))
	for i, name := range tabNames {
		open := name == t.Open
		tab := button("tab").ID("tab-"+name).DataSet("tab", name).Role("tab").Aria("selected", open).
			OnClick(t.choose).OnFocus(reveal).Text(t.Text.T("ui.tab." + name))
		if open {
			tab.Aria("controls", "panel")
		} else {
			tab.TabIndex(-1)
		}
		all[i] = tab
	}
	return div("tabs", all...).ID("tabs").Role("tablist").Aria("label", t.Text.T("ui.tabs")).OnKeyDown(t.key)
}

func (t *tabs) choose(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(actionTab, ctx.JSSrc().Get("dataset").Get("tab").String())
}

// key walks the tabs, and opens where it comes to.
func (t *tabs) key(ctx app.Context, e app.Event) {
	at, last := slices.Index(tabNames, t.Open), len(tabNames)-1
	to, known := map[string]int{"ArrowLeft": at - 1, "ArrowRight": at + 1, "Home": 0, "End": last}[e.Get("key").String()]
	if !known || e.Get("ctrlKey").Bool() || e.Get("altKey").Bool() || e.Get("metaKey").Bool() {
		return
	}
	e.PreventDefault()
	name := tabNames[(to+len(tabNames))%len(tabNames)]
	focus("tab-" + name)
	ctx.NewActionWithValue(actionTab, name)
}
