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

// Those of the dialog of real programs.
const (
	tabActs     = "acts"
	tabMeetings = "meetings"
)

// A tabSet is tabs that belong together.
type tabSet struct {
	id, panel string // of the list and of what it opens
	action    string // that opens one
	names     []string
}

var (
	inspectorTabs = &tabSet{"tabs", "panel", actionTab, []string{tabMade, tabOctets, tabKnows, tabRule, tabStates}}
	actsTabs      = &tabSet{"acts-tabs", "acts-panel", actionActs, []string{tabActs, tabMeetings}}
)

// tabs chooses what is shown below.
type tabs struct {
	app.Compo
	Text i18n.Catalog
	Of   *tabSet
	Open string
}

func (t *tabs) Render() app.UI {
	all := make([]app.UI, len(t.Of.names))
	for i, name := range t.Of.names {
		open := name == t.Open
		tab := button("tab").ID("tab-"+name).DataSet("tab", name).Role("tab").Aria("selected", open).
			OnClick(t.choose).OnFocus(reveal).Text(t.Text.T("ui.tab." + name))
		if open {
			tab.Aria("controls", t.Of.panel)
		} else {
			tab.TabIndex(-1)
		}
		all[i] = tab
	}
	return div("tabs", all...).ID(t.Of.id).Role("tablist").Aria("label", t.Text.T("ui."+t.Of.id)).OnKeyDown(t.key)
}

func (t *tabs) choose(ctx app.Context, e app.Event) {
	ctx.NewActionWithValue(t.Of.action, ctx.JSSrc().Get("dataset").Get("tab").String())
}

// key walks the tabs, and opens where it comes to.
func (t *tabs) key(ctx app.Context, e app.Event) {
	at, last := slices.Index(t.Of.names, t.Open), len(t.Of.names)-1
	to, known := map[string]int{"ArrowLeft": at - 1, "ArrowRight": at + 1, "Home": 0, "End": last}[e.Get("key").String()]
	if !known || e.Get("ctrlKey").Bool() || e.Get("altKey").Bool() || e.Get("metaKey").Bool() {
		return
	}
	e.PreventDefault()
	name := t.Of.names[(to+len(t.Of.names))%len(t.Of.names)]
	focus("tab-" + name)
	ctx.NewActionWithValue(t.Of.action, name)
}
