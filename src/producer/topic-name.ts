export { checkTopicName } from '../protocol/topic-name.js'
