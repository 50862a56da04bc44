// What Linux has and Swift's importer gets wrong or cannot see; each function says why it stands here.
#pragma once

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
