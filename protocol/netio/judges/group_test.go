//go:build !js && !linux

package judges

import "syscall"

// group is what a program gets that serves: a group with what it starts itself.
var group = &syscall.SysProcAttr{Setsid: true}
