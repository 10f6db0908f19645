package lab

import "example.org/smtpauth/web/view"

// What the parts of the page ask of the root, which owns the session. One
// gesture asks one thing.
const (
	actionStep    = "step"
	actionBack    = "back"
	actionRestart = "restart"
	actionRun     = "run"    // or pause
	actionJump    = "jump"   // int: a frame
	actionChoose  = "choose" // string: a scenario
	actionEdit    = "edit"   // edit
	actionLeave   = "leave"  // for the page in another language
	actionLook    = "look"   // view.Vantage: from where
	actionSwap    = "swap"   // TLS for clear text, and back
	actionTab     = "tab"    // string: of the inspector
	actionWay     = "way"    // view.Way: on from the end
)

// An edit puts a value into a slot of the set-up.
type edit struct {
	Slot  view.Slot
	Value string
}
